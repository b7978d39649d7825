import type { NewJob } from "../../../core/new-job.ts";
import { gatesText, policyText, tagsText } from "../../shared/job-json.ts";

/** Jobs as what an INSERT selects: one row each, in their order. */
export interface JobRows {
  /** The expression of each column, by its name; a column that is NULL in every row is left out. */
  readonly columns: ReadonlyMap<string, string>;
  /** The FROM clause; empty for one job alone. */
  readonly from: string;
  readonly params: readonly unknown[];
}

type Value = string | number | null;

interface Column {
  readonly name: string;
  readonly type: "bigint" | "integer" | "smallint" | "text" | "json";
  readonly value: (job: NewJob) => Value;
  /** What the value is made from, where making it costs something: jobs of one definition share it. */
  readonly source?: (job: NewJob) => object;
}

const columns: readonly Column[] = [
  { name: "name", type: "text", value: (job) => job.name },
  { name: "version", type: "integer", value: (job) => job.version },
  { name: "queue", type: "text", value: (job) => job.queue },
  { name: "priority", type: "smallint", value: (job) => job.priority },
  { name: "payload", type: "json", value: (job) => job.payload },
  { name: "created_at", type: "bigint", value: (job) => job.createdAt },
  { name: "run_at", type: "bigint", value: (job) => job.runAt },
  {
    name: "policy",
    type: "json",
    value: ({ policy }) => policyText(policy),
    source: ({ policy }) => policy,
  },
  { name: "unique_key", type: "text", value: (job) => job.unique?.key ?? null },
  { name: "unique_while", type: "text", value: (job) => job.unique?.while ?? null },
  { name: "tags", type: "json", value: ({ tags }) => tagsText(tags), source: ({ tags }) => tags },
  { name: "gates", type: "json", value: ({ gates }) => gatesText(gates) },
  { name: "trace", type: "text", value: ({ trace }) => trace ?? null },
];

/** Writes jobs as parameters: what they agree on once, the rest as one list a column. */
export function rowsOf(jobs: readonly NewJob[], ids?: readonly string[]): JobRows {
  const params: unknown[] = [];
  const expressions = new Map<string, string>();
  const lists = new Map<string, string>();

  function addOnce({ name, type }: Column, value: Value): void {
    if (value === null) return;
    params.push(value);
    expressions.set(name, `$${params.length}::${type === "json" ? "text::json" : type}`);
  }

  function addList(name: string, type: Column["type"], values: readonly Value[]): void {
    params.push(listOf(type, values));
    lists.set(name, unlist(type, `$${params.length}`));
    expressions.set(name, type === "json" ? `job.${name}::json` : `job.${name}`);
  }

  if (ids !== undefined) addList("id", "bigint", ids);
  for (const column of columns) {
    const agreed = agreedValue(column, jobs);
    if (agreed === undefined) addList(column.name, column.type, valuesOf(column, jobs));
    else addOnce(column, agreed);
  }
  return { columns: expressions, from: fromClause(lists), params };
}

/** The value all jobs have in a column; `undefined` where they differ. */
function agreedValue(column: Column, jobs: readonly NewJob[]): Value | undefined {
  const { name, value } = column;
  const source: (job: NewJob) => unknown = column.source ?? value;
  const first = jobs[0] as NewJob;
  if (jobs.length === 1) return value(first);
  // Payloads are listed even when all are the same: a list is what makes many rows.
  const agreed = name !== "payload" && jobs.every((job) => source(job) === source(first));
  return agreed ? value(first) : undefined;
}

function valuesOf({ value, source }: Column, jobs: readonly NewJob[]): readonly Value[] {
  if (source === undefined) return jobs.map(value);
  const made = new Map<object, Value>();
  return jobs.map((job) => {
    const from = source(job);
    const known = made.get(from) ?? value(job);
    made.set(from, known);
    return known;
  });
}

/** No JSON text holds this character, so a list of them needs neither quotes nor escapes. */
const separator = "\u001f";

function listOf(type: Column["type"], values: readonly Value[]): unknown {
  // pg quotes texts itself.
  if (type === "text") return values;
  return type === "json"
    ? values.map((value) => value ?? "").join(separator)
    : `{${values.join(",")}}`;
}

function unlist(type: Column["type"], list: string): string {
  return type === "json" ? `string_to_table(${list}, chr(31), '')` : `unnest(${list}::${type}[])`;
}

function fromClause(lists: ReadonlyMap<string, string>): string {
  if (lists.size === 0) return "";
  const names = [...lists.keys()].join(", ");
  return `FROM ROWS FROM (${[...lists.values()].join(", ")}) AS job(${names})`;
}
