import { isFinished } from "../../../core/job.ts";
import type { JobRewrite } from "../../../core/job-change.ts";
import { tagsText } from "../../shared/job-json.ts";
import type { UpdateAnswer } from "../../contract/control.ts";
import type { Connection } from "../connection.ts";
import { idOf, insertFrom, jobColumns } from "../rows.ts";
import { enterBlocked, enterLive, type GatedRow, gatesIn } from "./due-rows.ts";
import type { FollowUp } from "./follow-up.ts";
import { repeatById, stateOf } from "./repeat-by-id.ts";

interface UpdatedRow extends GatedRow {
  readonly queue: string;
  /** Text, as all of their numbers; null for a job that is due. */
  readonly due_at: string | null;
}

/** Changes a job that waits, and puts it where its new time belongs. What its gates allow is looked at anew. */
export function updateJob(
  { schema, write, read }: Connection,
  followUp: FollowUp,
  id: string,
  rewrite: JobRewrite,
  now: number,
): Promise<UpdateAnswer> {
  const { runAt } = rewrite;
  const sql = runAt === undefined ? patch(schema) : runAt > now ? putOff(schema) : hasten(schema);
  const moment = runAt === undefined ? [] : [Math.max(runAt, now)];
  const params = [...paramsOf(id, rewrite), ...moment];
  return repeatById<UpdateAnswer>(id, {
    async write() {
      const [row] = await write<UpdatedRow>(sql, params);
      if (row === undefined) return undefined;
      await followUp(gatesIn(row), now);
      return { queue: row.queue, dueAt: row.due_at === null ? null : Number(row.due_at) };
    },
    async read() {
      const state = await stateOf(read, schema, id);
      if (state === undefined) return "missing";
      return isFinished(state) ? "finished" : state === "running" ? "running" : undefined;
    },
  });
}

function paramsOf(id: string, { priority, queue, payload, tags }: JobRewrite): readonly unknown[] {
  return [
    idOf(id),
    priority ?? null,
    queue ?? null,
    payload?.json ?? null,
    payload?.version ?? null,
    tags !== undefined,
    tags === undefined ? null : tagsText(tags),
  ];
}

/** What the row `job` has afterwards. */
const changed = {
  priority: "coalesce($2::smallint, job.priority)",
  queue: "coalesce($3::text, job.queue)",
  payload: "coalesce($4::text::json, job.payload)",
  version: "coalesce($5::integer, job.version)",
  tags: "CASE WHEN $6::boolean THEN $7::text::json ELSE job.tags END",
} as const;

const assignments = Object.entries(changed).map(([column, value]) => `${column} = ${value}`);
const columns = [...jobColumns, "gates"].map((column) => `job.${column}`).join(", ");

/** A job whose place in the line of its queue changes goes to the end of it: floors hide nothing that comes after them. */
function inLive(schema: string): string {
  const seq = `CASE WHEN ${changed.priority} <> job.priority OR ${changed.queue} <> job.queue
        THEN nextval('${schema}.job_seq') ELSE job.seq END`;
  return `UPDATE ${schema}.live job SET ${assignments.join(", ")}, seq = ${seq}
      WHERE id = $1 AND job.owner IS NULL RETURNING job.queue, NULL AS due_at, job.gates::text`;
}

/** Its place in the line of its gate stays. */
function inBlocked(schema: string): string {
  return `UPDATE ${schema}.blocked job SET ${assignments.join(", ")}
      WHERE id = $1 RETURNING job.queue, NULL AS due_at, job.gates::text`;
}

function inLater(schema: string, ...more: readonly string[]): string {
  return `UPDATE ${schema}.later job SET ${[...assignments, ...more].join(", ")}
      WHERE id = $1 RETURNING job.queue, job.run_at::text AS due_at, NULL AS gates`;
}

/** Index walked: each table's primary key. Rows locked: the one. Race: a move between tables or a claim; the caller repeats. */
function patch(schema: string): string {
  return `
    WITH ready AS (${inLive(schema)}), barred AS (${inBlocked(schema)}), later AS (${inLater(schema)})
    SELECT * FROM ready UNION ALL SELECT * FROM barred UNION ALL SELECT * FROM later`;
}

/** The same; one that is put off already becomes due. */
function hasten(schema: string): string {
  const set = { ...changed, run_at: "$8::bigint" };
  return `
    WITH ready AS (${inLive(schema)}), barred AS (${inBlocked(schema)}),
    job AS (DELETE FROM ${schema}.later job WHERE id = $1 RETURNING ${columns}),
    due AS (${enterLive(schema, set)}), line AS (${enterBlocked(schema, set)})
    SELECT * FROM ready UNION ALL SELECT * FROM barred
    UNION ALL SELECT ${changed.queue}, NULL, job.gates::text FROM job`;
}

/** The same; one that is due, or waits to be let in, is put off. Its permits count only while it is in live. */
function putOff(schema: string): string {
  const set = { ...changed, run_at: "$8::bigint", retrying: "false", gates: "job.gates" };
  return `
    WITH ready AS (DELETE FROM ${schema}.live job WHERE id = $1 AND job.owner IS NULL RETURNING ${columns}),
    barred AS (DELETE FROM ${schema}.blocked job WHERE id = $1 RETURNING ${columns}),
    job AS (SELECT * FROM ready UNION ALL SELECT * FROM barred),
    away AS (${insertFrom(`${schema}.later`, set, "job")}),
    later AS (${inLater(schema, "run_at = $8::bigint")})
    SELECT ${changed.queue} AS queue, $8::bigint::text AS due_at, job.gates::text AS gates FROM job
    UNION ALL SELECT * FROM later`;
}
