import { defaults } from "../../../core/defaults.ts";
import { cancelReason } from "../../../core/lifecycle.ts";
import type { BulkAction } from "../../../core/operation.ts";
import { expiryDay, insertFrom, jobColumns } from "../rows.ts";
import { dropLog } from "./drop-log.ts";
import { type Acted, type ActedRow, actedBy, type BulkPlan } from "./acted.ts";
import { numberArray } from "./array-literal.ts";
import { retryMany } from "./bulk-retry.ts";
import { enterBlocked, enterLive } from "./due-rows.ts";
import type { Query } from "./session.ts";
import { freeKeys } from "./unique-keys.ts";

type Act = (query: Query, schema: string, plan: BulkPlan, ids: readonly string[]) => Promise<Acted>;

const acts: Readonly<Record<BulkAction, Act>> = {
  retry: retryMany,
  cancel: cancelMany,
  runNow: runManyNow,
  delete: deleteMany,
  move: changeMany,
  changePriority: changeMany,
};

/** Does the action of an operation to jobs whose rows nobody has locked, in a transaction. */
export const actOn: Act = (query, schema, plan, ids) =>
  acts[plan.operation.action](query, schema, plan, ids);

const columns = [...jobColumns, "gates"].join(", ");

/**
 * The ids among $1 whose rows of a table are ours from now on. Rows locked: those, in the order of their ids; what somebody else
 * has is left out.
 */
function lockedIn(schema: string, table: string, condition = "true"): string {
  return `SELECT id FROM ${schema}.${table} WHERE id = ANY ($1::bigint[]) AND ${condition}
    ORDER BY id FOR UPDATE SKIP LOCKED`;
}

/** The step that takes locked rows out of a table. */
function takeFrom(schema: string, table: string, condition: string, returning = columns): string {
  return `DELETE FROM ${schema}.${table} WHERE id = ANY (ARRAY(${lockedIn(schema, table, condition)})) RETURNING ${returning}`;
}

const unclaimed = "owner IS NULL";

function takeWaiting(schema: string): string {
  return `available AS (${takeFrom(schema, "live", unclaimed)}),
    later AS (${takeFrom(schema, "later", "true")}),
    blocked AS (${takeFrom(schema, "blocked", "true")}),
    waiting AS (SELECT * FROM available UNION ALL SELECT * FROM later UNION ALL SELECT * FROM blocked)`;
}

async function cancelMany(
  query: Query,
  schema: string,
  { operation, now }: BulkPlan,
  ids: readonly string[],
): Promise<Acted> {
  const why = operation.why ?? "Cancelled by a bulk operation.";
  const reason = JSON.stringify(cancelReason(why, operation.by));
  const request = JSON.stringify({ why, by: operation.by, at: now });
  const params = [numberArray(ids), reason, now, request];
  return actedBy(await query<ActedRow>(cancelStatement(schema), params), [], false);
}

/** Index walked: each table's primary key, once per job. Rows locked: the jobs'. Race: none; locked rows are skipped. */
function cancelStatement(schema: string): string {
  const set = {
    finished_at: "$3::bigint",
    bucket: expiryDay("$3::bigint", "q.keep_dead_ms", defaults.deadKeptMs),
    state: "'cancelled'",
    reason: "$2::text::json",
    gates: "job.gates",
  };
  const source = `waiting job LEFT JOIN ${schema}.queue q ON q.name = job.queue`;
  return `
    WITH ${takeWaiting(schema)},
    buried AS (${insertFrom(`${schema}.dead`, set, source)}),
    freed AS (${freeKeys(schema, "waiting", "waiting.unique_while <> 'ever'")}),
    counted AS (INSERT INTO ${schema}.stat_line (at, queue, name, tally)
      SELECT $3::bigint - $3::bigint % 60000, queue, name, 'x' || count(*) FROM waiting GROUP BY queue, name),
    asked AS (
      UPDATE ${schema}.live l SET cancel = coalesce(cancel, $4::text::json)
      WHERE id = ANY (ARRAY(${lockedIn(schema, "live", "owner IS NOT NULL")})) AND l.owner IS NOT NULL
      RETURNING id, queue
    )
    SELECT id::text, queue, gates::text, false AS asked FROM waiting
    UNION ALL SELECT id::text, queue, NULL, true FROM asked`;
}

async function runManyNow(
  query: Query,
  schema: string,
  { now }: BulkPlan,
  ids: readonly string[],
): Promise<Acted> {
  const set = { run_at: "$2::bigint" };
  const sql = `WITH job AS (${takeFrom(schema, "later", "true")}),
    due AS (${enterLive(schema, set)}), barred AS (${enterBlocked(schema, set)})
    SELECT id::text, queue, gates::text FROM job`;
  return actedBy(await query<ActedRow>(sql, [numberArray(ids), now]), [], true);
}

async function deleteMany(
  query: Query,
  schema: string,
  _plan: BulkPlan,
  ids: readonly string[],
): Promise<Acted> {
  return actedBy(await query<ActedRow>(deleteStatement(schema), [numberArray(ids)]), [], false);
}

/** Index walked: each table's primary key, then those of what goes with a job. Rows locked: the jobs' and theirs. */
function deleteStatement(schema: string): string {
  const ofDone = `${jobColumns.join(", ")}, NULL::json AS gates, finished_at`;
  return `
    WITH ${takeWaiting(schema)},
    done AS (${takeFrom(schema, "done", "true", ofDone)}),
    dead AS (${takeFrom(schema, "dead", "true", `${columns}, finished_at`)}),
    ended AS (SELECT * FROM done UNION ALL SELECT * FROM dead),
    job AS (SELECT * FROM waiting UNION ALL SELECT ${columns} FROM ended),
    kept AS (
      UPDATE ${schema}.idempotency k SET until = ended.finished_at + k.kept_ms FROM ended WHERE k.job = ended.id
    ),
    unmade AS (DELETE FROM ${schema}.idempotency k USING waiting w WHERE k.job = w.id),
    forgotten AS (DELETE FROM ${schema}.generation g USING job WHERE g.job = job.id),
    ${dropLog(schema, "job")},
    freed AS (${freeKeys(schema, "job", "true")})
    SELECT id::text, queue, gates::text FROM job`;
}

/** Another queue or priority. In live a job gets a new order number: a claim may be past the one it had. */
async function changeMany(
  query: Query,
  schema: string,
  { operation }: BulkPlan,
  ids: readonly string[],
): Promise<Acted> {
  const params = [numberArray(ids), operation.queue, operation.priority];
  const acted = actedBy(await query<ActedRow>(changeStatement(schema), params), [], true);
  // Who goes first at a gate is a matter of age, not of priority.
  return operation.queue === null ? { ...acted, gates: [] } : acted;
}

/** Index walked: each table's primary key, once per job. Rows locked: the jobs'. Race: none; locked rows are skipped. */
function changeStatement(schema: string): string {
  const set = "queue = coalesce($2::text, queue), priority = coalesce($3::smallint, priority)";
  const change = (table: string) => `UPDATE ${schema}.${table} SET ${set}
    WHERE id = ANY (ARRAY(${lockedIn(schema, table)})) RETURNING id, queue, gates`;
  return `
    WITH ready AS MATERIALIZED (
      SELECT id, seq FROM ${schema}.live WHERE id = ANY ($1::bigint[]) AND ${unclaimed}
      ORDER BY id FOR UPDATE SKIP LOCKED
    ), ordered AS MATERIALIZED (
      SELECT id, nextval('${schema}.job_seq') AS seq FROM (SELECT id FROM ready ORDER BY seq) r
    ), available AS (
      UPDATE ${schema}.live l SET ${set}, seq = o.seq FROM ordered o
      WHERE l.id = o.id AND l.id = ANY ($1::bigint[]) RETURNING l.id, l.queue, l.gates
    ), later AS (${change("later")}), blocked AS (${change("blocked")})
    SELECT id::text, queue, gates::text FROM available
    UNION ALL SELECT id::text, queue, gates::text FROM later
    UNION ALL SELECT id::text, queue, gates::text FROM blocked`;
}
