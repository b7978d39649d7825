import type { WorkerRecord } from "../../core/worker-record.ts";
import {
  type HeartModule,
  type NewWorker,
  type PresenceStore,
  type WorkerDuties,
} from "../contract/presence.ts";
import { drainKeptMs, reportFrom, type WorkerColumns, workerFrom } from "../shared/worker-json.ts";
import type { Connection } from "./connection.ts";
import { beatParams, beatReader, type BeatRow, beatStatement, type HeartData } from "./heart.ts";
import { idOf } from "./rows.ts";

interface WorkerRow extends WorkerColumns {
  readonly id: string;
  readonly lease_ms: string;
  readonly started_at: string;
  readonly beat: string;
  readonly silent_ms: string | null;
  readonly draining: boolean;
  readonly report: string | null;
}

/** Which workers are alive. */
export function createPresenceStore(connection: Connection): PresenceStore {
  const { schema, read, write, idempotent } = connection;
  return {
    registerWorker: (worker) => register(connection, worker),
    async describeWorker(id, duties) {
      await idempotent(describeStatement(schema), [idOf(id), ...dutyParams(duties)]);
    },
    async drainWorker(id, by) {
      const sql = `UPDATE ${schema}.worker SET draining = true, drained_by = CASE WHEN draining THEN drained_by ELSE $2 END
        WHERE id = $1 AND NOT dead RETURNING 1`;
      return (await write(sql, [idOf(id), by])).length > 0;
    },
    async unregisterWorker(id) {
      await idempotent(`DELETE FROM ${schema}.worker WHERE id = $1`, [idOf(id)]);
    },
    async listWorkers() {
      return (await read<WorkerRow>(liveWorkers(schema))).map(workerOf);
    },
    // The compare-and-set: whoever beat in time has another beat by now, and a row locked by its heartbeat is looked at anew.
    async markWorkerDead(id, beat) {
      const sql = `UPDATE ${schema}.worker SET dead = true WHERE id = $1 AND beat = $2 AND NOT dead RETURNING 1`;
      return (await write(sql, [idOf(id), beat])).length > 0;
    },
    async openHeart() {
      const answerOf = beatReader();
      return {
        beat: async (id, report) =>
          answerOf(await write<BeatRow>(beatStatement(schema), beatParams(id, report))),
        close: async () => {},
      };
    },
    heartModule: heartModuleOf(connection),
  };
}

function heartModuleOf({ portable, schema }: Connection): HeartModule | undefined {
  if (portable === undefined) return undefined;
  const url = import.meta.url.replace(/presence(\.[jt]s)$/, "heart$1");
  return { url, data: { options: portable, schema } satisfies HeartData };
}

async function register({ schema, write }: Connection, worker: NewWorker): Promise<string> {
  const [row] = await write<{ readonly id: string }>(registerStatement(schema), [
    worker.host,
    worker.pid,
    worker.bootId,
    worker.leaseMs,
    ...dutyParams({ versions: {}, slots: {}, ...worker }),
    worker.version ?? null,
    worker.replaces === undefined ? null : idOf(worker.replaces),
  ]);
  if (row === undefined) throw new Error("a worker's registration gave no id");
  return row.id;
}

/** As JSON, and the queues once more as an array. */
function dutyParams({ queues, slots, handlers, versions }: WorkerDuties): readonly unknown[] {
  return [...[queues, slots, handlers, versions].map((part) => JSON.stringify(part)), queues];
}

function liveWorkers(schema: string): string {
  return `SELECT id::text, host, pid, version, boot_id, queues::text, slots::text, handlers::text, versions::text,
      lease_ms::text, started_at::text, beat, report::text, draining, drained_by,
      (floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - beat_at)::text AS silent_ms
    FROM ${schema}.worker WHERE NOT dead ORDER BY worker.id`;
}

function ensureQueues(schema: string, queues: string): string {
  return `INSERT INTO ${schema}.queue (name) SELECT name FROM unnest(${queues}::text[]) AS q(name) ORDER BY name
      ON CONFLICT (name) DO NOTHING`;
}

/** Index walked: the primary keys. Rows locked: the worker's. Race: its heartbeat, which writes another column. */
function describeStatement(schema: string): string {
  return `WITH queues AS (${ensureQueues(schema, "$6")})
    UPDATE ${schema}.worker
    SET queues = $2::text::json, slots = $3::text::json, handlers = $4::text::json, versions = $5::text::json
    WHERE id = $1`;
}

/**
 * A dead worker's row is of no more use: a job whose owner has no row is an orphan just the same. One that was to drain is kept for
 * a day, should its worker come back.
 */
function registerStatement(schema: string): string {
  return `
    WITH forgotten AS (
      DELETE FROM ${schema}.worker
      WHERE dead AND (NOT draining OR coalesce(beat_at, 0) < extract(epoch FROM clock_timestamp()) * 1000 - ${drainKeptMs})
    ), queues AS (
      ${ensureQueues(schema, "$9")}
    )
    INSERT INTO ${schema}.worker
      (host, pid, boot_id, lease_ms, queues, slots, handlers, versions, version, started_at, beat_at, beat,
        draining, drained_by)
    SELECT $1, $2, $3, $4, $5::text::json, $6::text::json, $7::text::json, $8::text::json, $10, now_ms, now_ms,
      clock_timestamp()::text, coalesce(lost.draining, false), lost.drained_by
    FROM floor(extract(epoch FROM clock_timestamp()) * 1000) AS now_ms LEFT JOIN ${schema}.worker lost ON lost.id = $11
    RETURNING id::text`;
}

function workerOf(row: WorkerRow): WorkerRecord {
  return {
    id: row.id,
    ...workerFrom(row, row.draining),
    leaseMs: Number(row.lease_ms),
    startedAt: Number(row.started_at),
    beat: row.beat,
    lastBeatMs: row.silent_ms === null ? null : Math.max(0, Number(row.silent_ms)),
    report: reportFrom(row.report),
  };
}
