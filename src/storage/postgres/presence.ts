import type { WorkerRecord } from "../../core/worker-record.ts";
import type { HeartModule, NewWorker, PresenceStore, WorkerDuties } from "../contract/presence.ts";
import type { Connection } from "./connection.ts";
import { beatStatement, type HeartData } from "./heart.ts";
import { idOf } from "./rows.ts";

interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly boot_id: string;
  readonly queues: string;
  readonly handlers: string;
  readonly versions: string;
  readonly lease_ms: string;
  readonly started_at: string;
  readonly beat: string;
}

/** Which workers are alive. */
export function createPresenceStore(connection: Connection): PresenceStore {
  const { schema, read, write, idempotent } = connection;
  return {
    registerWorker: (worker) => register(connection, worker),
    async describeWorker(id, duties) {
      await idempotent(describeStatement(schema), [idOf(id), ...dutyParams(duties)]);
    },
    async unregisterWorker(id) {
      await idempotent(`DELETE FROM ${schema}.worker WHERE id = $1`, [idOf(id)]);
    },
    async listWorkers() {
      const rows = await read<WorkerRow>(
        `SELECT id::text, host, pid, boot_id, queues::text, handlers::text, versions::text, lease_ms::text, started_at::text, beat
         FROM ${schema}.worker WHERE NOT dead ORDER BY worker.id`,
      );
      return rows.map(workerOf);
    },
    // The compare-and-set: whoever beat in time has another beat by now, and a row locked by its heartbeat is looked at anew.
    async markWorkerDead(id, beat) {
      const sql = `UPDATE ${schema}.worker SET dead = true WHERE id = $1 AND beat = $2 AND NOT dead RETURNING 1`;
      return (await write(sql, [idOf(id), beat])).length > 0;
    },
    async openHeart() {
      return {
        beat: async (id) => (await write(beatStatement(schema), [idOf(id)])).length > 0,
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
    ...dutyParams({ versions: {}, ...worker }),
  ]);
  if (row === undefined) throw new Error("a worker's registration gave no id");
  return row.id;
}

function dutyParams({ queues, handlers, versions }: WorkerDuties): readonly unknown[] {
  return [JSON.stringify(queues), JSON.stringify(handlers), JSON.stringify(versions), queues];
}

function ensureQueues(schema: string, queues: string): string {
  return `INSERT INTO ${schema}.queue (name) SELECT name FROM unnest(${queues}::text[]) AS q(name) ORDER BY name
      ON CONFLICT (name) DO NOTHING`;
}

/** Index walked: the primary keys. Rows locked: the worker's. Race: its heartbeat, which writes another column. */
function describeStatement(schema: string): string {
  return `WITH queues AS (${ensureQueues(schema, "$5")})
    UPDATE ${schema}.worker SET queues = $2::text::json, handlers = $3::text::json, versions = $4::text::json
    WHERE id = $1`;
}

/** A dead worker's row is of no more use: a job whose owner has no row is an orphan just the same. */
function registerStatement(schema: string): string {
  return `
    WITH forgotten AS (
      DELETE FROM ${schema}.worker WHERE dead
    ), queues AS (
      ${ensureQueues(schema, "$8")}
    )
    INSERT INTO ${schema}.worker (host, pid, boot_id, lease_ms, queues, handlers, versions, started_at, beat)
    VALUES ($1, $2, $3, $4, $5::text::json, $6::text::json, $7::text::json,
      floor(extract(epoch FROM clock_timestamp()) * 1000), clock_timestamp()::text)
    RETURNING id::text`;
}

function workerOf(row: WorkerRow): WorkerRecord {
  return {
    id: row.id,
    host: row.host,
    pid: row.pid,
    bootId: row.boot_id,
    queues: JSON.parse(row.queues) as string[],
    handlers: JSON.parse(row.handlers) as string[],
    versions: JSON.parse(row.versions) as Record<string, number>,
    leaseMs: Number(row.lease_ms),
    startedAt: Number(row.started_at),
    beat: row.beat,
  };
}
