import type { JobState } from "../../../core/job.ts";
import type { JobConditions } from "../../../core/job-filter.ts";
import type { PayloadCondition, PayloadValue } from "../../../core/payload-filter.ts";
import { possibleStates } from "../../shared/possible-states.ts";
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
  addNames(parts, "queue", query.queue);
  addNames(parts, "name", query.name);
  const tags = query.tag === undefined ? undefined : JSON.stringify(listOf(query.tag));
  add(
    "tag",
    tags,
    "EXISTS (SELECT 1 FROM json_each(job.tags) WHERE value IN (SELECT value FROM json_each($tag)))",
  );
  const ids = query.ids === undefined ? undefined : idList(query.ids);
  add("ids", ids, "job.id IN (SELECT value FROM json_each($ids))");
  add("createdAfter", query.createdAfter, "created_at >= $createdAfter");
  add("createdBefore", query.createdBefore, "created_at < $createdBefore");
  add("finishedAfter", query.finishedAfter, "finished_at >= $finishedAfter");
  add("finishedBefore", query.finishedBefore, "finished_at < $finishedBefore");
  add("dueUntil", query.dueUntil, "run_at <= $dueUntil");
  add("claimedUntil", query.claimedUntil, "claimed_at <= $claimedUntil");
  add("gate", query.gate, "gate = $gate");
  add("uniqueKey", query.uniqueKey, "unique_key = $uniqueKey");
  for (const [index, condition] of (query.payload ?? []).entries()) {
    addPayload(parts, `payload${index}`, condition);
  }
  add("above", range.above, "job.id > $above");
  add("below", range.below, "job.id < $below");
  add("upTo", range.upTo, "job.id <= $upTo");
  const ofAttempts = attemptConditions(parts, query);
  return {
    states: possibleStates(query),
    where: (state) =>
      [...parts.all, ...ofAttempts.map((condition) => condition(state))]
        .map((part) => ` AND ${part}`)
        .join(""),
    values: parts.values,
  };
}

/** Any one of the names; those with a star are patterns. */
function addNames(
  { all, values }: Parts,
  column: "queue" | "name",
  asked: string | readonly string[] | undefined,
): void {
  if (asked === undefined) return;
  const names = listOf(asked);
  const exact = names.filter((name) => !name.includes("*"));
  const either = names
    .filter((name) => name.includes("*"))
    .map((name, index) => {
      values[`${column}${index}`] = name.replaceAll(/[?[]/g, "[$&]");
      return `${column} GLOB $${column}${index}`;
    });
  if (exact.length > 0) {
    values[column] = JSON.stringify(exact);
    either.push(`${column} IN (SELECT value FROM json_each($${column}))`);
  }
  all.push(`(${either.join(" OR ")})`);
}

function listOf<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}

type OfState = (state: JobState) => string;

/** What depends on where the attempts of a job are kept. */
function attemptConditions({ values }: Parts, query: JobConditions): readonly OfState[] {
  const { error, tookMs, worker, rescued } = query;
  const conditions: OfState[] = [];
  if (error !== undefined) {
    values["error"] = error;
    conditions.push(mentions);
  }
  if (tookMs !== undefined) {
    values["tookMs"] = tookMs;
    conditions.push((state) => `${newest(state, "ended")} - ${newest(state, "began")} > $tookMs`);
  }
  if (worker !== undefined) {
    values["worker"] = worker;
    const runsIt = "CAST(owner AS TEXT) = $worker OR ";
    conditions.push(
      (state) => `(${state === "running" ? runsIt : ""}${newest(state, "worker")} = $worker)`,
    );
  }
  if (rescued !== undefined) {
    conditions.push(
      () => `${rescued ? "" : "NOT "}(crashes > 0 OR EXISTS (
        SELECT 1 FROM json_each(job.attempts) WHERE json_extract(value, '$.how') = 'crashed'))`,
    );
  }
  return conditions;
}

/** What the row of a completed job has of its only attempt. */
const ofOnlyAttempt = { began: "began_at", ended: "finished_at", worker: "CAST(owner AS TEXT)" };

/** What the newest attempt that is kept says. */
function newest(state: JobState, field: keyof typeof ofOnlyAttempt): string {
  const kept = `json_extract(job.attempts, '$[#-1].${field}')`;
  return state === "completed"
    ? `iif(job.attempts IS NULL, ${ofOnlyAttempt[field]}, ${kept})`
    : kept;
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
  const either = paths.flatMap((each, index) => {
    const place = `${name}path${index}`;
    values[place] = each;
    return listOf<PayloadValue>(equals).map((value, at) => {
      if (value !== null && typeof value !== "boolean") values[`${name}value${at}`] = value;
      return payloadHas(`$${place}`, `$${name}value${at}`, value);
    });
  });
  all.push(`(${either.join(" OR ")})`);
}

function payloadHas(path: string, value: string, equals: PayloadValue): string {
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
