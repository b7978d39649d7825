import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { isHoldfastError } from "../../core/errors.ts";
import type { FileHealth, HealthFacts, WakeupPing } from "../../core/health-facts.ts";
import type { HealthStore } from "../contract/health.ts";
import { objectsMadeBy } from "../shared/schema-objects.ts";
import type { Connection } from "./connection.ts";
import { readActivity } from "./engine/activity.ts";
import { networkOf } from "./engine/file-system.ts";
import { createWakeMarker } from "./engine/wake-marker.ts";
import { migrations } from "./migrations/index.ts";

/** Another process that writes for longer than this is in everybody's way. */
const writerPatienceMs = 1_000;

/** What the doctor looks at. A file's rights are those of its opening: who may not write it cannot open it. */
export function createHealthStore(connection: Connection): HealthStore {
  const { file } = connection;
  const opened = file === undefined ? undefined : inodeOf(file);
  return {
    async readHealth() {
      const there = new Set(
        await connection.read((session) => session.all<ObjectRow>(objects)).then(namesOf),
      );
      return {
        writable: await tryWriter(connection),
        missing: objectsMadeBy(migrations).filter((object) => !there.has(object)),
        lacking: [],
        mayMigrate: true,
        server: null,
        file: file === undefined ? null : fileHealth(file, opened),
      };
    },
    // Nobody's writing is in the way of one who only asks: the writer is taken only where there is reason to doubt.
    isReadOnly: async () =>
      file !== undefined && !mayWrite(file) && (await tryWriter(connection)) === "read-only",
    readActivity: (now, lookAtMost) => readActivity(connection, now, lookAtMost),
    async pingWakeups(withinMs) {
      connection.assertOpen();
      return file === undefined ? { heard: true } : pingMarker(file, withinMs);
    },
  };
}

interface ObjectRow {
  readonly object: string;
}

const objects = "SELECT type || ' ' || name AS object FROM sqlite_schema";

function namesOf(rows: readonly ObjectRow[]): readonly string[] {
  return rows.map(({ object }) => object);
}

/** Takes the writer and gives it back, having written nothing. */
async function tryWriter(connection: Connection): Promise<HealthFacts["writable"]> {
  try {
    const had = await connection.writeSoon(() => true, writerPatienceMs);
    return had === true ? "yes" : "busy";
  } catch (error) {
    if (isHoldfastError(error, "STORAGE_READ_ONLY")) return "read-only";
    throw error;
  }
}

function mayWrite(path: string): boolean {
  try {
    for (const each of [path, dirname(path)]) accessSync(each, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function fileHealth(path: string, opened: bigint | undefined): FileHealth {
  return {
    path,
    network: networkOf(path),
    replaced: inodeOf(path) !== opened,
    bytes: sizeOf(path),
    walBytes: sizeOf(`${path}-wal`),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Changes the marker that every process watches, and watches it too. Others look once for work that is not there. */
async function pingMarker(file: string, withinMs: number): Promise<WakeupPing> {
  const marker = createWakeMarker(file);
  return new Promise((resolve) => {
    const late = setTimeout(() => answer(false), withinMs);
    const stop = marker.watch(() => answer(true));
    function answer(heard: boolean): void {
      stop();
      clearTimeout(late);
      resolve(heard ? { heard } : { heard, why: `a change of ${file}-wake was not seen` });
    }
    marker.touch();
  });
}
