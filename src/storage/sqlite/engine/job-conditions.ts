import { type JobState, jobStates } from "../../../core/job.ts";
import type { JobConditions, PayloadCondition } from "../../../core/job-filter.ts";
import { idList } from "../rows.ts";
import type { NamedValues, SqlValue } from "./handle.ts";
import { hasColumn } from "./state-place.ts";

/** Conditions on the rows of the states that are left, and their values. */
export interface Conditions {
  readonly states: readonly JobState[];
  /** Goes on with AND behind a condition of the state's own. */
  readonly where: (state: JobState) => string;
  readonly values: NamedValues;
}

/** Where a walk over jobs goes on, and up to which id. */
export interface IdRange {
  readonly above?: number;
  readonly below?: number | null;
  readonly upTo?: number;
}

interface Parts {
  readonly all: string[];
  readonly values: Record<string, SqlValue>;
}

/** Turns a filter into conditions; every value of it is a parameter. */
export function conditionsOf(query: JobConditions, range: IdRange = {}): Conditions {
  const parts: Parts = { all: [], values: {} };
  const add = (name: string, value: SqlValue | undefined, condition: string) => {
    if (value === undefined) return;
    parts.values[name] = value;
    parts.all.push(condition);
  };
  addName(add, "queue", query.queue);
  addName(add, "name", query.name);
  add("tag", query.tag, "EXISTS (SELECT 1 FROM json_each(job.tags) WHERE value = $tag)");
  const ids = query.ids === undefined ? undefined : idList(query.ids);
  add("ids", ids, "job.id IN (SELECT value FROM json_each($ids))");
  add("createdAfter", query.createdAfter, "created_at >= $createdAfter");
  add("createdBefore", query.createdBefore, "created_at < $createdBefore");
  add("finishedAfter", query.finishedAfter, "finished_at >= $finishedAfter");
  add("finishedBefore", query.finishedBefore, "finished_at < $finishedBefore");
  add("dueUntil", query.dueUntil, "run_at <= $dueUntil");
  for (const [index, condition] of (query.payload ?? []).entries()) {
    addPayload(parts, `payload${index}`, condition);
  }
  add("above", range.above, "job.id > $above");
  add("below", range.below, "job.id < $below");
  add("upTo", range.upTo, "job.id <= $upTo");
  if (query.error !== undefined) parts.values["error"] = query.error;
  return {
    states: jobStates.filter((state) => mayBe(state, query)),
    where: (state) =>
      [...parts.all, ...(query.error === undefined ? [] : [mentions(state)])]
        .map((part) => ` AND ${part}`)
        .join(""),
    values: parts.values,
  };
}

function mayBe(state: JobState, query: JobConditions): boolean {
  const { states, finishedAfter, finishedBefore, error } = query;
  // Its newest attempt succeeded; what is left out is that one.
  if (error !== undefined && state === "completed") return false;
  const ends = finishedAfter !== undefined || finishedBefore !== undefined;
  if (ends && !hasColumn(state, "finished_at")) return false;
  return states === undefined || states.includes(state);
}

function addName(
  add: (name: string, value: SqlValue | undefined, condition: string) => void,
  column: "queue" | "name",
  name: string | undefined,
): void {
  const isPattern = name?.includes("*") === true;
  const value = isPattern ? name?.replaceAll(/[?[]/g, "[$&]") : name;
  add(column, value, `${column} ${isPattern ? "GLOB" : "="} $${column}`);
}

/** A step of digits may be an index or a key, so either way to read it is tried. */
function addPayload({ all, values }: Parts, name: string, condition: PayloadCondition): void {
  const { path, equals } = condition;
  const paths = path.reduce<readonly string[]>(
    (heads, step) =>
      heads.flatMap((head) => [
        `${head}."${step}"`,
        ...(/^\d{1,9}$/.test(step) ? [`${head}[${step}]`] : []),
      ]),
    ["$"],
  );
  const either = paths.map((each, index) => {
    const place = `${name}path${index}`;
    values[place] = each;
    return payloadHas(`$${place}`, `$${name}`, equals);
  });
  if (equals !== null && typeof equals !== "boolean") values[name] = equals;
  all.push(`(${either.join(" OR ")})`);
}

function payloadHas(path: string, value: string, equals: PayloadCondition["equals"]): string {
  const kind = `json_type(payload, ${path})`;
  if (equals === null || typeof equals === "boolean") return `${kind} = '${String(equals)}'`;
  const kinds = typeof equals === "number" ? "('integer', 'real')" : "('text')";
  return `(${kind} IN ${kinds} AND json_extract(payload, ${path}) = ${value})`;
}

function mentions(state: JobState): string {
  const has = (text: string) => `instr(lower(${text}), $error) > 0`;
  const texts = [
    "json_extract(job.attempts, '$[#-1].error.message')",
    ...(hasColumn(state, "reason") ? ["json_extract(job.reason, '$.message')"] : []),
  ];
  return `(${texts.map(has).join(" OR ")})`;
}
