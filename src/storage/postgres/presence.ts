import type { WorkerRecord } from "../../core/worker-record.ts";
import type { PresenceStore } from "../contract/presence.ts";
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
  readonly lease_ms: string;
  readonly started_at: string;
  readonly beat: string;
}

/** Which workers are alive. */
export function createPresenceStore(connection: Connection): PresenceStore {
  const { schema, portable } = connection;
  const touched = (rows: readonly unknown[]) => rows.length > 0;

  return {
    async registerWorker(worker) {
      const [row] = await connection.write<{ readonly id: string }>(register(schema), [
        worker.host,
        worker.pid,
        worker.bootId,
        JSON.stringify(worker.queues),
        JSON.stringify(worker.handlers),
        worker.leaseMs,
        worker.queues,
      ]);
      return row?.id ?? "";
    },
    async unregisterWorker(id) {
      await connection.idempotent(`DELETE FROM ${schema}.worker WHERE id = $1`, [idOf(id)]);
    },
    async listWorkers() {
      const rows = await connection.read<WorkerRow>(
        `SELECT id::text, host, pid, boot_id, queues::text, handlers::text, lease_ms::text, started_at::text, beat
         FROM ${schema}.worker WHERE NOT dead ORDER BY id`,
      );
      return rows.map(workerOf);
    },
    // The compare-and-set: whoever beat in time has another beat by now, and a row locked by its heartbeat is looked at anew.
    async markWorkerDead(id, beat) {
      return touched(
        await connection.write(
          `UPDATE ${schema}.worker SET dead = true WHERE id = $1 AND beat = $2 AND NOT dead RETURNING 1`,
          [idOf(id), beat],
        ),
      );
    },
    async openHeart() {
      return {
        beat: async (id) => touched(await connection.write(beatStatement(schema), [idOf(id)])),
        close: async () => {},
      };
    },
    heartModule:
      portable === undefined
        ? undefined
        : {
            url: import.meta.url.replace(/presence(\.[jt]s)$/, "heart$1"),
            data: { options: portable, schema } satisfies HeartData,
          },
  };
}

/** A dead worker's row is of no more use: a job whose owner has no row is an orphan just the same. */
function register(schema: string): string {
  return `
    WITH forgotten AS (
      DELETE FROM ${schema}.worker WHERE dead
    ), queues AS (
      INSERT INTO ${schema}.queue (name) SELECT name FROM unnest($7::text[]) AS q(name) ORDER BY name
      ON CONFLICT (name) DO NOTHING
    )
    INSERT INTO ${schema}.worker (host, pid, boot_id, queues, handlers, lease_ms, started_at, beat)
    VALUES ($1, $2, $3, $4::text::json, $5::text::json, $6,
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
    leaseMs: Number(row.lease_ms),
    startedAt: Number(row.started_at),
    beat: row.beat,
  };
}
