import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "holdfast";
import { inject } from "vitest";
import { freshDatabase } from "../../support/fresh-database.ts";
import type { databases } from "./settings.ts";

/** Says what to do when the test is over, however it ended; the last said is done first. */
export type AtEnd = (cleanUp: () => Promise<void> | void) => void;

/** A database with Holdfast's tables and the application's own table `mark`, where every finished job leaves a row. */
export interface Place {
  readonly kind: (typeof databases)[number];
  /** Where worker processes find it. */
  readonly url: string;
  /** The SQLite file; "" on PostgreSQL. */
  readonly file: string;
  /** The test's own client. */
  readonly client: Client;
  readonly atEnd: AtEnd;
  /** Runs one statement of the test. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<readonly Row[]>;
  /** A table of Holdfast's as SQL writes it. */
  table(name: string): string;
}

/** How worker processes show themselves to PostgreSQL, so that a test can tell their connections from its own. */
const workerApplication = "chaos-worker";

/** How one worker process does; it adds its pid itself. */
export const applicationOf = (pid: number): string => `${workerApplication}-${pid}`;

const patienceMs = 5_000;
const silent = () => {};
const silence = { debug: silent, info: silent, warn: silent, error: silent };

/** Opens a database of its own for one test, on the given PostgreSQL server or on the one all tests share. */
export async function openPlace(
  kind: Place["kind"],
  atEnd: AtEnd,
  serverUrl?: string,
): Promise<Place> {
  const empty = await emptyPlace(kind, atEnd, serverUrl);
  const place = await openAt(empty);
  // No constraint keeps a second row of the same job out: the tests count them.
  await place.query(markTable);
  return place;
}

/** The application's own table. */
export const markTable =
  "CREATE TABLE mark (job bigint NOT NULL, run integer NOT NULL, worker text NOT NULL)";

/** A database with nothing in it. */
export type EmptyPlace = Pick<Place, "kind" | "url" | "file" | "atEnd">;

/** Makes a database with nothing in it, removed at the end. */
export async function emptyPlace(
  kind: Place["kind"],
  atEnd: AtEnd,
  serverUrl?: string,
): Promise<EmptyPlace> {
  const { url, file, remove } =
    kind === "sqlite" ? freshFile() : await freshPostgres(serverUrl ?? inject("databaseUrl"));
  atEnd(remove);
  const own = kind === "sqlite" ? url : `${url}?application_name=${workerApplication}`;
  return { kind, url: own, file, atEnd };
}

/** Opens a client of this build, which brings the schema up to date. */
export async function openAt(empty: EmptyPlace): Promise<Place> {
  const { kind, atEnd } = empty;
  const url = empty.url.replace(`?application_name=${workerApplication}`, "");
  const client = await createClient(url, { logger: silence });
  // A server that is gone must not hold up the end of a test that failed because of it.
  atEnd(() => Promise.race([client.close(), sleep(patienceMs)]));

  async function query<Row>(sql: string, params: readonly unknown[] = []): Promise<readonly Row[]> {
    return client.transaction(async (tx) => (await tx.query<Row>(sql, params)).rows);
  }

  return {
    ...empty,
    client,
    query,
    table: (name) => (kind === "sqlite" ? `holdfast_${name}` : `holdfast.${name}`),
  };
}

/** How many rows the jobs left, and how many jobs left one. */
export async function countMarks(place: Place): Promise<{ rows: number; jobs: number }> {
  const [found] = await place.query<{ rows: unknown; jobs: unknown }>(
    "SELECT count(*) AS rows, count(DISTINCT job) AS jobs FROM mark",
  );
  return { rows: Number(found?.rows), jobs: Number(found?.jobs) };
}

function freshFile() {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-chaos-"));
  const file = path.join(folder, "jobs.db");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { url: `sqlite:${file}`, file, remove };
}

async function freshPostgres(serverUrl: string) {
  const database = await freshDatabase(serverUrl);
  return { url: database.url, file: "", remove: () => database.drop() };
}
