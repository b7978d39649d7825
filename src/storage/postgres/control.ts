import { defaults } from "../../core/defaults.ts";
import { type CancelRequest, isFinished } from "../../core/job.ts";
import { cancelReason } from "../../core/lifecycle.ts";
import type { ControlStore } from "../contract/control.ts";
import type { Connection } from "./connection.ts";
import { dropLog } from "./engine/drop-log.ts";
import { enterBlocked, enterLive, type GatedRow, gatesIn } from "./engine/due-rows.ts";
import type { FollowUp } from "./engine/follow-up.ts";
import { readOrders } from "./engine/orders.ts";
import { updateQueueStatement } from "./engine/queue-settings.ts";
import { repeatById, stateOf } from "./engine/repeat-by-id.ts";
import { retryJob } from "./engine/retry-job.ts";
import { updateJob } from "./engine/update-job.ts";
import { freeKeys } from "./engine/unique-keys.ts";
import { expiryDay, idOf, insertFrom, jobColumns } from "./rows.ts";

/** Operators' verbs. `followUp` lets in whoever may go ahead after one. */
export function createControlStore(connection: Connection, followUp: FollowUp): ControlStore {
  return {
    cancelJob: (id, request) => cancelJob(connection, followUp, id, request),
    retryJob: (id, now) => retryJob(connection, followUp, id, now),
    runJobNow: (id, now) => runJobNow(connection, followUp, id, now),
    updateJob: (id, rewrite, now) => updateJob(connection, followUp, id, rewrite, now),
    deleteJob: (id, now) => deleteJob(connection, followUp, id, now),

    async pauseQueue(name, paused, now, by = null) {
      const sql = `INSERT INTO ${connection.schema}.queue (name, paused, changed_at, changed_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE
        SET paused = excluded.paused, changed_at = excluded.changed_at, changed_by = excluded.changed_by`;
      await connection.idempotent(sql, [name, paused, now ?? null, by]);
      if (paused) await followUp(await parkQueue(connection, name), now);
    },

    async coolQueue(name, from, to) {
      const params = [name, from.level, from.closedUntil, to.level, to.closedUntil];
      return (await connection.write(coolStatement(connection.schema), params)).length > 0;
    },

    async updateQueue(name, edit, act) {
      const { sql, params } = updateQueueStatement(connection.schema, name, edit, act);
      await connection.idempotent(sql, params);
    },
    readOrders: (worker, names) => readOrders(connection, worker, names),
  };
}

/**
 * Takes a paused queue's jobs back that were let in and have not started. A statement after the commit that paused: who is let in
 * later, by somebody who looked before, is taken back by the pass.
 */
async function parkQueue({ schema, write }: Connection, name: string): Promise<readonly string[]> {
  const [row] = await write<{ readonly freed: string }>(parkStatement(schema), [name]);
  return JSON.parse(row?.freed ?? "[]") as string[];
}

function cancelJob(
  { schema, write, read }: Connection,
  followUp: FollowUp,
  id: string,
  request: CancelRequest,
) {
  const reason = JSON.stringify(cancelReason(request.why, request.by));
  const params = [idOf(id), reason, request.at, JSON.stringify(request)];
  return repeatById<Awaited<ReturnType<ControlStore["cancelJob"]>>>(id, {
    async write() {
      const [row] = await write<GatedRow & { readonly did: "cancelled" | "cancelling" }>(
        cancelStatement(schema),
        params,
      );
      await followUp(gatesIn(row), request.at);
      return row?.did;
    },
    async read() {
      const state = await stateOf(read, schema, id);
      return state === undefined ? "missing" : isFinished(state) ? "finished" : undefined;
    },
  });
}

function runJobNow(
  { schema, write, read }: Connection,
  followUp: FollowUp,
  id: string,
  now: number,
) {
  return repeatById<Awaited<ReturnType<ControlStore["runJobNow"]>>>(id, {
    async write() {
      const [moved] = await write<GatedRow>(makeDueStatement(schema), [idOf(id), now]);
      await followUp(gatesIn(moved), now);
      return moved === undefined ? undefined : "available";
    },
    async read() {
      const state = await stateOf(read, schema, id);
      if (state === undefined) return "missing";
      if (isFinished(state)) return "finished";
      return state === "scheduled" || state === "retryable" ? undefined : "already";
    },
  });
}

function deleteJob(
  { schema, write, read }: Connection,
  followUp: FollowUp,
  id: string,
  now: number | undefined,
) {
  return repeatById<Awaited<ReturnType<ControlStore["deleteJob"]>>>(id, {
    async write() {
      const [removed] = await write<GatedRow>(removeStatement(schema), [idOf(id)]);
      await followUp(gatesIn(removed), now);
      return removed === undefined ? undefined : "deleted";
    },
    async read() {
      const state = await stateOf(read, schema, id);
      return state === undefined ? "missing" : state === "running" ? "running" : undefined;
    },
  });
}

const columns = [...jobColumns, "gates"].join(", ");

/** The steps that take a job out of wherever it waits; `job` is the row. */
function takeWaiting(schema: string): string {
  return `
    available AS (DELETE FROM ${schema}.live l WHERE id = $1 AND l.owner IS NULL RETURNING ${columns}),
    later AS (DELETE FROM ${schema}.later WHERE id = $1 RETURNING ${columns}),
    blocked AS (DELETE FROM ${schema}.blocked WHERE id = $1 RETURNING ${columns})`;
}

const waiting =
  "SELECT * FROM available UNION ALL SELECT * FROM later UNION ALL SELECT * FROM blocked";

/** Index walked: each table's primary key. Rows locked: the one. Race: a claim, promotion or settlement; the caller repeats. */
function cancelStatement(schema: string): string {
  const set = {
    finished_at: "$3::bigint",
    bucket: expiryDay("$3::bigint", "q.keep_dead_ms", defaults.deadKeptMs),
    state: "'cancelled'",
    reason: "$2::text::json",
    gates: "job.gates",
  };
  const source = `job LEFT JOIN ${schema}.queue q ON q.name = job.queue`;
  return `
    WITH ${takeWaiting(schema)}, job AS (${waiting}),
    buried AS (${insertFrom(`${schema}.dead`, set, source)}),
    freed AS (${freeKeys(schema, "job", "job.unique_while <> 'ever'")}),
    counted AS (INSERT INTO ${schema}.stat_line (at, queue, name, tally)
      SELECT $3::bigint - $3::bigint % 60000, queue, name, 'x1' FROM job),
    asked AS (
      UPDATE ${schema}.live l SET cancel = coalesce(cancel, $4::text::json)
      WHERE id = $1 AND l.owner IS NOT NULL RETURNING id
    )
    SELECT 'cancelled' AS did, gates::text FROM job UNION ALL SELECT 'cancelling', NULL FROM asked`;
}

/** Index walked: later's primary key. Rows locked: the one. Race: a promotion or cancel; the caller repeats. */
function makeDueStatement(schema: string): string {
  const set = { run_at: "$2::bigint" };
  return `
    WITH job AS (DELETE FROM ${schema}.later WHERE id = $1 RETURNING ${columns}),
    due AS (${enterLive(schema, set)}), barred AS (${enterBlocked(schema, set)})
    SELECT gates::text FROM job`;
}

/** Index walked: each table's primary key. Rows locked: the one. Race: a move between tables; the caller repeats. */
function removeStatement(schema: string): string {
  return `
    WITH ${takeWaiting(schema)},
    done AS (DELETE FROM ${schema}.done WHERE id = $1 RETURNING ${jobColumns.join(", ")}, NULL::json AS gates, finished_at),
    dead AS (DELETE FROM ${schema}.dead WHERE id = $1 RETURNING ${columns}, finished_at),
    ended AS (SELECT * FROM done UNION ALL SELECT * FROM dead),
    job AS (${waiting} UNION ALL SELECT ${columns} FROM ended),
    kept AS (
      UPDATE ${schema}.idempotency k SET until = ended.finished_at + k.kept_ms FROM ended WHERE k.job = ended.id
    ),
    unmade AS (DELETE FROM ${schema}.idempotency k USING (${waiting}) w WHERE k.job = w.id),
    forgotten AS (DELETE FROM ${schema}.generation g USING job WHERE g.job = job.id),
    ${dropLog(schema, "job")},
    freed AS (${freeKeys(schema, "job", "true")})
    SELECT gates::text FROM job`;
}

/**
 * Index walked: keylock whole, which has a row for each gate of each job let in, then live's primary key. Rows locked: the jobs
 * taken back. Race: a claim has the row, or finds it gone.
 */
function parkStatement(schema: string): string {
  return `SELECT to_json(${schema}.park(ARRAY(
      SELECT l.id FROM ${schema}.keylock k JOIN ${schema}.live l ON l.id = k.job WHERE l.queue = $1 AND l.owner IS NULL
    )))::text AS freed`;
}

/** A queue without a row has never been cooled, so only that state may make one. */
function coolStatement(schema: string): string {
  return `
    INSERT INTO ${schema}.queue AS q (name, throttle_level, closed_until)
    SELECT $1, $4, $5 WHERE ($2::integer = 0 AND $3::bigint = 0) OR EXISTS (SELECT FROM ${schema}.queue WHERE name = $1)
    ON CONFLICT (name) DO UPDATE SET throttle_level = excluded.throttle_level, closed_until = excluded.closed_until
      WHERE q.throttle_level = $2 AND q.closed_until = $3
    RETURNING 1`;
}
