import type { NewJob } from "../../../core/new-job.ts";
import { rowsOf } from "./job-rows.ts";
import type { Query } from "./session.ts";

/** The most one statement writes: rows, and characters of payload. */
export const mostRows = 5_000;
const mostPayload = 4_000_000;

/** Jobs cut into what one statement each can carry. */
export type Chunks = readonly (readonly NewJob[])[];

/** Cuts jobs into chunks; one job is never too much. */
export function chunksOf(jobs: readonly NewJob[]): Chunks {
  const chunks: (readonly NewJob[])[] = [];
  let begin = 0;
  let payload = 0;
  for (let end = 0; end < jobs.length; end++) {
    const { length } = (jobs[end] as NewJob).payload;
    payload += length;
    if (end === begin || (end - begin < mostRows && payload <= mostPayload)) continue;
    chunks.push(jobs.slice(begin, end));
    begin = end;
    payload = length;
  }
  if (begin < jobs.length) chunks.push(jobs.slice(begin));
  return chunks;
}

/** Stores jobs with the ids given, else with new ones; gives the ids, in order. */
export type InsertJobs = (
  query: Query,
  chunks: Chunks,
  more?: InsertMore,
) => Promise<readonly string[]>;

/** Ids to use instead of new ones, and what else the last statement says. */
export interface InsertMore {
  readonly ids?: readonly string[];
  /** An expression for the last statement to evaluate, given how many parameters come before its own. */
  readonly also?: {
    readonly call: (offset: number) => string;
    readonly params: readonly unknown[];
  };
}

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Makes the inserting function of a schema. */
export function createInsertJobs(schema: string): InsertJobs {
  return async (query, chunks, more = {}) => {
    const stored: string[] = [];
    const statements = statementsOf(schema, chunks, more);
    let next = statements.next().value;
    while (next !== undefined) {
      const sent = query<{ readonly ids: string }>(next.sql, next.params);
      // Written while the server works on the one before.
      next = statements.next().value;
      for (const { ids: list } of await sent) stored.push(...list.split(","));
    }
    return stored;
  };
}

function* statementsOf(
  schema: string,
  chunks: Chunks,
  { ids, also }: InsertMore,
): Generator<Statement, undefined> {
  let begin = 0;
  for (const chunk of chunks) {
    const end = begin + chunk.length;
    const last = chunk === chunks.at(-1) ? also : undefined;
    yield insertStatement(schema, chunk, ids?.slice(begin, end), last);
    begin = end;
  }
}

/**
 * Index walked: none, two are written. Rows locked: none but the new ones. Race: none, ids and order numbers come from
 * sequences and rise with the position, since nothing reorders the rows of a list. Cost: one row and two index entries a
 * job, in one round trip whether the jobs are due now, later or both; the slot is read once, and the ids come as one text.
 */
function insertStatement(
  schema: string,
  jobs: readonly NewJob[],
  given: readonly string[] | undefined,
  also: InsertMore["also"],
): Statement {
  const rows = rowsOf(jobs, given);
  const { columns, from } = rows;
  const params = [...rows.params, ...(also?.params ?? [])];
  const said = also === undefined ? "" : `, ${also.call(rows.params.length)}`;
  const row = new Map([["id", `nextval('${schema}.job_id')`], ...columns]);
  const later = jobs.filter(isLater).length;
  if (later > 0 && later < jobs.length) return { sql: insertBoth(schema, row, from, said), params };
  const stored = `${insertInto(schema, later === 0 ? "live" : "later", row, from)} RETURNING id`;
  const sql =
    jobs.length === 1
      ? `${stored}::text AS ids${said}`
      : `WITH stored AS (${stored}) SELECT ${idList}${said} FROM stored`;
  return { sql, params };
}

const idList = "string_agg(id::text, ',' ORDER BY id) AS ids";

/** Some are due now and some later: the rows are made once, so that their ids rise across both tables. */
function insertBoth(
  schema: string,
  row: ReadonlyMap<string, string>,
  from: string,
  said: string,
): string {
  const input = [...row].map(([name, expression]) => `${expression} AS ${name}`).join(", ");
  const same = new Map([...row.keys()].map((name) => [name, name]));
  return `
    WITH input AS MATERIALIZED (SELECT ${input} ${from}),
    due AS (${insertInto(schema, "live", same, "FROM input WHERE run_at <= created_at")}),
    scheduled AS (${insertInto(schema, "later", same, "FROM input WHERE run_at > created_at")})
    SELECT ${idList}${said} FROM input`;
}

function isLater({ createdAt, runAt }: NewJob): boolean {
  return runAt > createdAt;
}

function insertInto(
  schema: string,
  table: "live" | "later",
  row: ReadonlyMap<string, string>,
  from: string,
): string {
  const slot = `${schema}.slot()`;
  const own =
    table === "live"
      ? { seq: `nextval('${schema}.job_seq')`, slot: from === "" ? slot : `(SELECT ${slot})` }
      : { retrying: "false" };
  const columns = [...row, ...Object.entries(own)];
  const names = columns.map(([name]) => name).join(", ");
  const values = columns.map(([, value]) => value).join(", ");
  // Planning takes longer than storing one job, and VALUES is planned fastest.
  const rows = from === "" ? `VALUES (${values})` : `SELECT ${values} ${from}`;
  return `INSERT INTO ${schema}.${table} (${names}) ${rows}`;
}
