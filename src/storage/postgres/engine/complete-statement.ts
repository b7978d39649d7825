import { defaults } from "../../../core/defaults.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { expiryDay, fences, insertFrom, jobColumns } from "../rows.ts";
import { numberArray, textArray } from "./array-literal.ts";
import { freeKeys } from "./unique-keys.ts";

/**
 * True for a success on the first try: its row says all there is to say about its one attempt, so only its times are
 * written. Nearly every settlement is one.
 */
export function isPlainSuccess({ to, lease, attempt, attempts }: Settlement): boolean {
  const [only] = attempts;
  return (
    to === "completed" &&
    attempts.length === 1 &&
    only?.how === "completed" &&
    only.error === undefined &&
    only.number === attempt &&
    only.run === lease.run &&
    only.worker === lease.owner
  );
}

/** The parameters of `completeSteps`, six of them. */
export function completeParams(settlements: readonly Settlement[]): readonly unknown[] {
  const attempts = settlements.map((settlement) => settlement.attempts[0]);
  return [
    ...fences(settlements.map(({ lease }) => lease)),
    numberArray(attempts.map((attempt) => attempt?.began ?? null)),
    numberArray(attempts.map((attempt) => attempt?.ended ?? null)),
    textArray(settlements.map(({ result }) => result ?? null)),
  ];
}

/**
 * The steps that finish plain successes; `completed` holds those written. Their parameters begin after the first `offset`.
 *
 * Index walked: the primary key of live's children, once through for the whole batch. Rows locked: those finished. Race: a
 * rescue or another settlement of the same lease; whoever comes second finds the fence closed. Cost: one row marked
 * deleted, one row and one index entry written per job.
 */
export function completeSteps(schema: string, offset: number): string {
  const param = (nth: number) => `$${offset + nth}`;
  const set = {
    owner: "job.owner",
    claimed_at: "job.claimed_at",
    began_at: "job.began_at",
    finished_at: "job.finished_at",
    bucket: expiryDay("job.finished_at", "kept.ms", defaults.completedKeptMs),
  };
  const changed = (column: string) =>
    column === "result" ? "coalesce(i.result, l.result) AS result" : `l.${column}`;
  return `
    completed AS (
      DELETE FROM ${schema}.live l
      USING unnest(${param(1)}::bigint[], ${param(2)}::bigint[], ${param(3)}::integer[], ${param(4)}::bigint[],
        ${param(5)}::bigint[], ${param(6)}::json[]) AS i(id, owner, run, began_at, finished_at, result)
      WHERE l.id = ANY (${param(1)}::bigint[]) AND l.id = i.id AND l.owner = i.owner AND l.run = i.run
      RETURNING ${jobColumns.map(changed).join(", ")}, l.owner, l.claimed_at, i.began_at, i.finished_at
    ), kept AS MATERIALIZED (
      SELECT name, keep_completed_ms AS ms FROM ${schema}.queue WHERE keep_completed_ms IS NOT NULL
    ), done AS (
      ${insertFrom(`${schema}.done`, set, "completed job LEFT JOIN kept ON kept.name = job.queue")}
    ), freed AS (${freeKeys(schema, "completed", "completed.unique_while <> 'ever'")})`;
}

/** The ids of the jobs written, in one text. */
export const completedIds = "SELECT string_agg(id::text, ',') AS ids FROM completed";
