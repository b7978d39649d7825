import { defaults } from "../../core/defaults.ts";
import { isFinished, type JobState } from "../../core/job.ts";
import { cancelReason } from "../../core/lifecycle.ts";
import type { ControlStore } from "../contract/control.ts";
import type { Connection } from "./connection.ts";
import { freeKeys } from "./engine/free-keys.ts";
import { repeatById } from "./engine/repeat-by-id.ts";
import { retryJob } from "./engine/retry-job.ts";
import { expiryDay, idOf, insertFrom, jobColumns, unheld } from "./rows.ts";

/** Operators' verbs. */
export function createControlStore(connection: Connection): ControlStore {
  const { schema, write, read } = connection;
  const stateOf = async (id: string | null): Promise<JobState | undefined> => {
    const sql = `SELECT state FROM ${schema}.jobs WHERE id = $1`;
    return (await read<{ readonly state: JobState }>(sql, [id]))[0]?.state;
  };

  return {
    async cancelJob(id, request) {
      const reason = JSON.stringify(cancelReason(request.why, request.by));
      const params = [idOf(id), reason, request.at, JSON.stringify(request)];
      return repeatById(id, {
        write: async () =>
          (await write<{ readonly did: "cancelled" | "cancelling" }>(cancel(schema), params))[0]
            ?.did,
        read: async () => {
          const state = await stateOf(idOf(id));
          return state === undefined ? "missing" : isFinished(state) ? "finished" : undefined;
        },
      });
    },

    retryJob: (id, now) => retryJob(connection, id, now),

    async runJobNow(id, now) {
      return repeatById(id, {
        write: async () =>
          (await write(makeDue(schema), [idOf(id), now])).length > 0 ? "available" : undefined,
        read: async () => {
          const state = await stateOf(idOf(id));
          if (state === undefined) return "missing";
          if (isFinished(state)) return "finished";
          return state === "scheduled" || state === "retryable" ? undefined : "already";
        },
      });
    },

    async deleteJob(id) {
      return repeatById(id, {
        write: async () =>
          (await write(remove(schema), [idOf(id)])).length > 0 ? "deleted" : undefined,
        read: async () => {
          const state = await stateOf(idOf(id));
          return state === undefined ? "missing" : state === "running" ? "running" : undefined;
        },
      });
    },

    async pauseQueue(name, paused) {
      const sql = `INSERT INTO ${schema}.queue (name, paused) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET paused = excluded.paused`;
      await connection.idempotent(sql, [name, paused]);
    },

    async coolQueue(name, from, to) {
      const params = [name, from.level, from.closedUntil, to.level, to.closedUntil];
      return (await write(cool(schema), params)).length > 0;
    },
  };
}

const columns = jobColumns.join(", ");

/** The steps that take a job out of wherever it waits; `job` is the row. */
function takeWaiting(schema: string): string {
  return `
    available AS (DELETE FROM ${schema}.live l WHERE id = $1 AND ${unheld("l")} RETURNING ${columns}),
    later AS (DELETE FROM ${schema}.later WHERE id = $1 RETURNING ${columns}),
    blocked AS (DELETE FROM ${schema}.blocked WHERE id = $1 RETURNING ${columns})`;
}

const waiting =
  "SELECT * FROM available UNION ALL SELECT * FROM later UNION ALL SELECT * FROM blocked";

/** Index walked: each table's primary key. Rows locked: the one. Race: a claim, promotion or settlement; the caller repeats. */
function cancel(schema: string): string {
  const set = {
    finished_at: "$3::bigint",
    bucket: expiryDay("$3::bigint", "q.keep_dead_ms", defaults.deadKeptMs),
    state: "'cancelled'",
    reason: "$2::text::json",
  };
  const source = `job LEFT JOIN ${schema}.queue q ON q.name = job.queue`;
  return `
    WITH ${takeWaiting(schema)}, job AS (${waiting}),
    buried AS (${insertFrom(`${schema}.dead`, set, source)}),
    freed AS (${freeKeys(schema, "job", "job.unique_while <> 'ever'")}),
    asked AS (
      UPDATE ${schema}.live l SET cancel = coalesce(cancel, $4::text::json)
      WHERE id = $1 AND NOT ${unheld("l")} RETURNING id
    )
    SELECT 'cancelled' AS did FROM job UNION ALL SELECT 'cancelling' FROM asked`;
}

/** Index walked: later's primary key. Rows locked: the one. Race: a promotion or cancel; the caller repeats. */
function makeDue(schema: string): string {
  const set = { run_at: "$2::bigint", seq: `nextval('${schema}.job_seq')` };
  return `
    WITH job AS (DELETE FROM ${schema}.later WHERE id = $1 RETURNING ${columns})
    ${insertFrom(`${schema}.live`, set, "job")} RETURNING 1`;
}

/** Index walked: each table's primary key. Rows locked: the one. Race: a move between tables; the caller repeats. */
function remove(schema: string): string {
  return `
    WITH ${takeWaiting(schema)},
    done AS (DELETE FROM ${schema}.done WHERE id = $1 RETURNING ${columns}),
    dead AS (DELETE FROM ${schema}.dead WHERE id = $1 RETURNING ${columns}),
    job AS (${waiting} UNION ALL SELECT * FROM done UNION ALL SELECT * FROM dead),
    freed AS (${freeKeys(schema, "job", "true")})
    SELECT 1 FROM job`;
}

/** A queue without a row has never been cooled, so only that state may make one. */
function cool(schema: string): string {
  return `
    INSERT INTO ${schema}.queue AS q (name, throttle_level, closed_until)
    SELECT $1, $4, $5 WHERE ($2::integer = 0 AND $3::bigint = 0) OR EXISTS (SELECT FROM ${schema}.queue WHERE name = $1)
    ON CONFLICT (name) DO UPDATE SET throttle_level = excluded.throttle_level, closed_until = excluded.closed_until
      WHERE q.throttle_level = $2 AND q.closed_until = $3
    RETURNING 1`;
}
