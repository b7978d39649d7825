import type { WorkerReport } from "../../core/worker-record.ts";
import type { BeatAnswer, Heart } from "../contract/presence.ts";
import { loadDriver } from "./engine/load-driver.ts";
import type { OwnClient, PgOptions } from "./engine/pg-shapes.ts";
import { idOf } from "./rows.ts";
import { storageError } from "./sql-errors.ts";

/** What a heartbeat thread needs to know; it can be copied between threads. */
export interface HeartData {
  readonly options: PgOptions;
  /** The schema's name, quoted. */
  readonly schema: string;
}

/** As often as hearts beat: an answer later than this is as good as none. */
const patienceMs = 5_000;

/**
 * Gives a worker's row a beat it never had, and what it says of itself; touches nothing when the registration is dead or gone.
 * Index walked: the primary key; the queues, which are few, are read whole. Rows locked: the one. Race: whoever marks it dead, by the
 * beat it had.
 */
export function beatStatement(schema: string): string {
  return `UPDATE ${schema}.worker SET beat = clock_timestamp()::text,
      beat_at = floor(extract(epoch FROM clock_timestamp()) * 1000), report = coalesce($2::text::json, report)
    WHERE id = $1 AND NOT dead RETURNING draining, (SELECT sum(changed_at)::text FROM ${schema}.queue) AS changes`;
}

/** What a heartbeat brings back: the sum of when queues were changed, which any change changes. */
export interface BeatRow {
  readonly draining: boolean;
  readonly changes: string | null;
}

/** Reads what the row that was touched, if any, says, one beat after the other. */
export function beatReader(): (rows: readonly BeatRow[]) => BeatAnswer {
  let known: string | null | undefined;
  return ([row]) => {
    if (row === undefined) return "gone";
    const before = known;
    known = row.changes;
    if (row.draining) return "draining";
    return before === undefined || before === known ? "alive" : "ordered";
  };
}

/** What a heartbeat is sent with. */
export function beatParams(workerId: string, report: WorkerReport | undefined): unknown[] {
  return [idOf(workerId), report === undefined ? null : JSON.stringify(report)];
}

/**
 * Opens a heart with a connection of its own: what a heartbeat thread imports this module for.
 * A beat that fails throws `STORAGE_UNAVAILABLE`, and the next one connects anew.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`.
 */
export async function connect(data: HeartData): Promise<Heart> {
  const { Client } = await loadDriver();
  const options = {
    ...data.options,
    keepAlive: true,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  };
  const sql = beatStatement(data.schema);
  const read = beatReader();
  let client: OwnClient | undefined;

  async function open(): Promise<OwnClient> {
    const fresh = new Client(options);
    fresh.on("error", () => drop(fresh));
    client = fresh;
    await fresh.connect();
    return fresh;
  }

  function drop(lost: OwnClient | undefined): void {
    if (client === lost) client = undefined;
    lost?.end().catch(() => {});
  }

  return {
    async beat(workerId, report) {
      try {
        const { rows } = await (client ?? (await open())).query(sql, beatParams(workerId, report));
        return read(rows as BeatRow[]);
      } catch (error) {
        drop(client);
        throw storageError(error);
      }
    },
    async close() {
      drop(client);
    },
  };
}
