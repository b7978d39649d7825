import type { NewJob } from "../../../core/new-job.ts";
import { linesOfNew } from "../../../core/stat-line.ts";
import { firstGate } from "./due-rows.ts";
import { rowsOf } from "./job-rows.ts";
import type { Query } from "./session.ts";
import { lineParams, notedCall } from "./stat-lines.ts";

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
    const send = (statement: Statement | undefined) =>
      statement && query<{ readonly ids: string }>(statement.sql, statement.params);
    let sent = send(statements.next().value);
    while (sent !== undefined) {
      // Written while the server works on the one before, and sent before the answer to that one is read.
      const next = statements.next().value;
      const answer = await sent;
      sent = send(next);
      for (const { ids: list } of answer) stored.push(...list.split(","));
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

/** Where a job goes: what is due now into `live`, or before its gates into `blocked`; the rest into `later`. */
type Target = "live" | "blocked" | "later";

const conditions: Readonly<Record<Target, string>> = {
  live: "run_at <= created_at AND gates IS NULL",
  blocked: "run_at <= created_at AND gates IS NOT NULL",
  later: "run_at > created_at",
};

function targetOf({ createdAt, runAt, gates }: NewJob): Target {
  if (runAt > createdAt) return "later";
  return gates === undefined ? "live" : "blocked";
}

/**
 * Index walked: none, two are written. Rows locked: none but the new ones. Race: none, ids and order numbers come from
 * sequences and rise with the position, since nothing reorders the rows of a list; blocked ones are let in by whoever asks
 * after the commit. Cost: one row and two index entries a job, in one round trip wherever the jobs go; the slot is read once,
 * and the ids come as one text. They are counted by a line for each queue and name.
 */
function insertStatement(
  schema: string,
  jobs: readonly NewJob[],
  given: readonly string[] | undefined,
  also: InsertMore["also"],
): Statement {
  const rows = rowsOf(jobs, given);
  const { columns, from } = rows;
  const told = [...rows.params, ...(also?.params ?? [])];
  const params = [...told, ...lineParams(linesOfNew(jobs))];
  const said = also === undefined ? "" : `, ${also.call(rows.params.length)}`;
  const counted = (ids: string) => `${notedCall(schema, ids, told.length)} AS ids${said}`;
  const row = new Map([["id", `nextval('${schema}.job_id')`], ...columns]);
  const targets = [...new Set(jobs.map(targetOf))];
  const [target = "live"] = targets;
  if (targets.length > 1)
    return { sql: insertApart(schema, targets, row, from, counted(idList)), params };
  const stored = `${insertInto(schema, target, row, from)} RETURNING`;
  const sql =
    jobs.length === 1
      ? `${stored} ${counted("id::text")}`
      : `WITH stored AS (${stored} id) SELECT ${counted(idList)} FROM stored`;
  return { sql, params };
}

const idList = "string_agg(id::text, ',' ORDER BY id)";

/** They go to more than one table: the rows are made once, so that their ids rise across all of them. */
function insertApart(
  schema: string,
  targets: readonly Target[],
  row: ReadonlyMap<string, string>,
  from: string,
  answer: string,
): string {
  // A column that is NULL in every row is not among them.
  const named = new Map([["gates", "NULL::json"], ...row]);
  const input = [...named].map(([name, expression]) => `${expression} AS ${name}`).join(", ");
  const same = new Map([...named.keys()].map((name) => [name, name]));
  const inserts = targets.map(
    (target) =>
      `to_${target} AS (${insertInto(schema, target, same, `FROM input WHERE ${conditions[target]}`)})`,
  );
  return `
    WITH input AS MATERIALIZED (SELECT ${input} ${from}),
    ${inserts.join(",\n    ")}
    SELECT ${answer} FROM input`;
}

function insertInto(
  schema: string,
  table: Target,
  row: ReadonlyMap<string, string>,
  from: string,
): string {
  const columns = [...row, ...Object.entries(ownColumns(schema, table, row, from))];
  const names = columns.map(([name]) => name).join(", ");
  const values = columns.map(([, value]) => value).join(", ");
  // Planning takes longer than storing one job, and VALUES is planned fastest.
  const rows = from === "" ? `VALUES (${values})` : `SELECT ${values} ${from}`;
  return `INSERT INTO ${schema}.${table} (${names}) ${rows}`;
}

/** What only the rows of one table have. */
function ownColumns(
  schema: string,
  table: Target,
  row: ReadonlyMap<string, string>,
  from: string,
): Readonly<Record<string, string>> {
  const slot = `${schema}.slot()`;
  const seq = `nextval('${schema}.job_seq')`;
  switch (table) {
    case "live":
      return { seq, slot: from === "" ? slot : `(SELECT ${slot})` };
    case "blocked":
      return { seq, gate: firstGate(row.get("gates") ?? "gates") };
    case "later":
      return { retrying: "false" };
  }
}
