import { HoldfastError } from "../../../core/errors.ts";
import { isFinished } from "../../../core/job.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { gatesText, policyText, tagsText } from "../../shared/job-json.ts";
import { insertFrom, jobColumns } from "../rows.ts";
import { firstGate } from "./due-rows.ts";
import { stateOf } from "./repeat-by-id.ts";
import type { Query } from "./session.ts";

const tries = 10;

/**
 * Rewrites a job that has not started with what another would have been; its id stays. The row may be moving between tables
 * meanwhile, so the write is repeated until it has touched the job or one consistent read says that it cannot. Permits of the
 * gates it had go with the row: it queues up anew, at those the new one has.
 */
export async function replaceJob(
  query: Query,
  schema: string,
  id: string,
  job: NewJob,
): Promise<"replaced" | "started" | "gone"> {
  const due = job.runAt <= job.createdAt;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const touched = await query(rewrite(schema, due, job.gates !== undefined), paramsOf(id, job));
    if (touched.length > 0) return "replaced";
    const state = await stateOf(query, schema, id);
    if (state === undefined || isFinished(state)) return "gone";
    if (state === "running") return "started";
  }
  throw new HoldfastError(
    "STORAGE_CONFLICT",
    `Job ${id} kept moving while it was to be replaced. Try again.`,
  );
}

/**
 * Index walked: each table's primary key, then keylock_job. Rows locked: the job, and only then its permits: whoever lets jobs
 * in locks in that order too. Race: a claim, promotion, admission or settlement; the caller repeats.
 */
function rewrite(schema: string, due: boolean, gated: boolean): string {
  const columns = jobColumns.map((column) => `job.${column}`).join(", ");
  const set = {
    version: "$2::integer",
    queue: "$3::text",
    priority: "$4::smallint",
    payload: "$5::text::json",
    run_at: "$6::bigint",
    policy: "$7::text::json",
    tags: "$8::text::json",
    gates: "$9::text::json",
    trace: "$10::text",
  };
  const seq = `nextval('${schema}.job_seq')`;
  const gate = firstGate("$9::text::json");
  const target = !due
    ? insertFrom(`${schema}.later`, { ...set, retrying: "false" }, "job")
    : gated
      ? insertFrom(`${schema}.blocked`, { ...set, seq, gate }, "job")
      : insertFrom(`${schema}.live`, { ...set, seq }, "job");
  return `
    WITH due AS (
      DELETE FROM ${schema}.live job WHERE id = $1 AND job.owner IS NULL RETURNING ${columns}
    ), later AS (
      DELETE FROM ${schema}.later job WHERE id = $1 RETURNING ${columns}
    ), blocked AS (
      DELETE FROM ${schema}.blocked job WHERE id = $1 RETURNING ${columns}
    ), job AS (
      SELECT * FROM due UNION ALL SELECT * FROM later UNION ALL SELECT * FROM blocked
    ), freed AS (
      DELETE FROM ${schema}.keylock k USING job WHERE k.job = job.id
    )
    ${target} RETURNING id::text`;
}

function paramsOf(id: string, job: NewJob): readonly unknown[] {
  return [
    id,
    job.version,
    job.queue,
    job.priority,
    job.payload,
    job.runAt,
    policyText(job.policy),
    tagsText(job.tags),
    gatesText(job.gates),
    job.trace ?? null,
  ];
}
