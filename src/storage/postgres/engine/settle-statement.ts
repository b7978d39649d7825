import { defaults } from "../../../core/defaults.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { settledAttempts } from "../../shared/job-json.ts";
import { expiryDay, fences, insertFrom, jobColumns } from "../rows.ts";
import { enterBlocked } from "./due-rows.ts";
import { settledLineParams, settledLines } from "./stat-lines.ts";
import { freeKeys } from "./unique-keys.ts";

/** Settlements that all leave `live`, or all stay in it as available. */
export type SettleBatch = readonly Settlement[];

/** A statement that writes a batch and gives the ids it touched. */
export interface SettleStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** The statement for a batch; it names only the tables the batch goes to. */
export function settleStatement(schema: string, batch: SettleBatch, now: number): SettleStatement {
  const params = [...fences(batch.map(({ lease }) => lease)), ...valuesOf(batch)];
  const lines = settledLineParams(batch, now);
  if (batch[0]?.to === "available") return { sql: giveBack(schema), params: [...params, ...lines] };
  const targets = new Set(batch.map(({ to }) => to));
  return { sql: moveOut(schema, targets), params: [...params, now, ...lines] };
}

function valuesOf(batch: SettleBatch): readonly unknown[] {
  return [
    batch.map(({ to }) => to),
    batch.map(({ runAt }) => runAt),
    batch.map(({ attempt }) => attempt),
    batch.map(({ crashes }) => crashes),
    batch.map(({ backoffMs }) => backoffMs),
    batch.map(settledAttempts),
    batch.map(({ result }) => result ?? null),
    batch.map(({ reason }) => (reason === null ? null : JSON.stringify(reason))),
    batch.map(({ unlessCancelRequested }) => unlessCancelRequested),
  ];
}

const input = `unnest($1::bigint[], $2::bigint[], $3::integer[], $4::text[], $5::bigint[], $6::integer[], $7::integer[],
    $8::bigint[], $9::json[], $10::json[], $11::json[], $12::boolean[])
  AS i(id, owner, run, target, run_at, attempt, crashes, backoff_ms, attempts, result, reason, yields)`;

const finished =
  "job.unique_while <> 'ever' AND job.target IN ('completed', 'cancelled', 'discarded')";

const fence = `l.id = i.id AND l.owner = i.owner AND l.run = i.run AND (NOT i.yields OR l.cancel IS NULL)`;

/** What the settlement brings anew; every other column goes over as it is. */
const changed: Readonly<Record<string, string>> = {
  run_at: "coalesce(i.run_at, l.run_at) AS run_at",
  attempt: "i.attempt",
  crashes: "i.crashes",
  backoff_ms: "i.backoff_ms",
  attempts: "i.attempts",
  result: "coalesce(i.result, l.result) AS result",
};

/**
 * Index walked: live's primary key, once per job. Rows locked: those settled. Race: a rescue, a cancel request or another
 * settlement of the same lease; whoever comes second finds the fence closed. The claim's own index is written by nobody
 * here and read by nobody. Permits stay behind and no longer count: their jobs have left live. Cost: one row removed, one
 * written, in one round trip for the whole batch.
 */
function moveOut(schema: string, targets: ReadonlySet<Settlement["to"]>): string {
  const columns = jobColumns.map((column) => changed[column] ?? `l.${column}`).join(", ");
  const steps = [
    `job AS (
      DELETE FROM ${schema}.live l USING ${input} WHERE ${fence}
      RETURNING ${columns}, l.gates, l.owner, l.claimed_at, $13::bigint AS finished_at, i.target, i.reason
    )`,
  ];
  if (targets.has("completed")) {
    steps.push(`completed AS (${toDone(schema)})`, `expiry AS (${listExpiry(schema)})`);
  }
  if (targets.has("cancelled") || targets.has("discarded"))
    steps.push(`dead AS (${toDead(schema)})`);
  if (targets.has("scheduled") || targets.has("retryable"))
    steps.push(`later AS (${toLater(schema)})`);
  if (targets.has("blocked"))
    steps.push(`blocked AS (${enterBlocked(schema, {})} AND job.target = 'blocked')`);
  steps.push(`freed AS (${freeKeys(schema, "job", finished)})`);
  steps.push(`counted AS (${settledLines(schema, 13)})`);
  return `WITH ${steps.join(", ")} SELECT id::text, owner::text, run FROM job`;
}

function toDone(schema: string): string {
  const set = { claimed_at: "job.claimed_at", finished_at: "job.finished_at" };
  return `${insertFrom(`${schema}.done`, set, "job")} WHERE job.target = 'completed'`;
}

/** One row for each day the jobs expire on: what the pruner goes by. */
function listExpiry(schema: string): string {
  const day = expiryDay("job.finished_at", "q.keep_completed_ms", defaults.completedKeptMs);
  return `INSERT INTO ${schema}.done_expiry (bucket, ids) SELECT ${day}, array_agg(job.id)
    FROM job LEFT JOIN ${schema}.queue q ON q.name = job.queue WHERE job.target = 'completed' GROUP BY 1`;
}

function toDead(schema: string): string {
  const set = {
    claimed_at: "job.claimed_at",
    finished_at: "job.finished_at",
    bucket: expiryDay("job.finished_at", "q.keep_dead_ms", defaults.deadKeptMs),
    state: "job.target",
    reason: "job.reason",
    gates: "job.gates",
  };
  const source = `job LEFT JOIN ${schema}.queue q ON q.name = job.queue`;
  return `${insertFrom(`${schema}.dead`, set, source)} WHERE job.target IN ('cancelled', 'discarded')`;
}

function toLater(schema: string): string {
  const set = { retrying: "job.target = 'retryable'", gates: "job.gates" };
  return `${insertFrom(`${schema}.later`, set, "job")} WHERE job.target IN ('scheduled', 'retryable')`;
}

/** Index walked: live's primary key. Rows locked: those given back. Race: as above. Cost: one row written in place. */
function giveBack(schema: string): string {
  return `WITH job AS (
    UPDATE ${schema}.live l SET owner = NULL, claim = NULL, claimed_at = NULL, started = false,
      seq = nextval('${schema}.job_seq'), run_at = coalesce(i.run_at, l.run_at), attempt = i.attempt,
      crashes = i.crashes, backoff_ms = i.backoff_ms, attempts = i.attempts,
      result = coalesce(i.result, l.result)
    FROM ${input} WHERE ${fence}
    RETURNING i.id, i.owner, i.run
  ), counted AS (${settledLines(schema, 12)}) SELECT id::text, owner::text, run FROM job`;
}
