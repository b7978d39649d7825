import type { JobConditions, PayloadCondition } from "../../../core/job-filter.ts";
import { idOf } from "../rows.ts";

/** Conditions on rows of the jobs view, joined by AND, and the values of their places. */
export interface Conditions {
  /** Empty when there are none. */
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Where a walk over jobs goes on, and up to which id. */
export interface IdRange {
  readonly above?: string;
  readonly below?: string;
  readonly upTo?: string;
}

/** Conditions in two parts: which jobs a walk comes by, and which of those it is about. */
export interface SplitConditions {
  readonly walk: string;
  readonly match: string;
  readonly params: readonly unknown[];
}

/** Turns a filter into conditions; every value of it is a parameter. */
export function conditionsOf(query: JobConditions, range: IdRange = {}): Conditions {
  const { walk, match, params } = splitConditionsOf(query, range);
  return { sql: [walk, match].filter((part) => part !== "").join(" AND "), params };
}

/** The conditions that keys answer, apart from the others. Either part is empty when there are none. */
export function splitConditionsOf(query: JobConditions, range: IdRange = {}): SplitConditions {
  const params: unknown[] = [];
  const walk: string[] = [];
  const match: string[] = [];
  const place = (value: unknown): string => `$${params.push(value)}`;
  const add = (value: unknown, condition: (place: string) => string, parts = match) => {
    if (value !== undefined) parts.push(condition(place(value)));
  };
  add(query.ids?.map(idOf), (at) => `jobs.id = ANY (${at}::bigint[])`, walk);
  add(idAt(range.above), (at) => `jobs.id > ${at}::bigint`, walk);
  add(idAt(range.below), (at) => `jobs.id < ${at}::bigint`, walk);
  add(idAt(range.upTo), (at) => `jobs.id <= ${at}::bigint`, walk);
  add(query.states, (at) => `state = ANY (${at}::text[])`);
  addMatches(query, match, add, place);
  return { walk: walk.join(" AND "), match: match.join(" AND "), params };
}

type Add = (value: unknown, condition: (place: string) => string) => void;

function addMatches(
  query: JobConditions,
  parts: string[],
  add: Add,
  place: (value: unknown) => string,
): void {
  if (query.queue !== undefined) parts.push(nameIs("queue", query.queue, place));
  if (query.name !== undefined) parts.push(nameIs("name", query.name, place));
  add(query.tag, (at) => `tags::jsonb @> to_jsonb(${at}::text)`);
  add(query.createdAfter, (at) => `created_ms >= ${at}::bigint`);
  add(query.createdBefore, (at) => `created_ms < ${at}::bigint`);
  add(query.finishedAfter, (at) => `finished_ms >= ${at}::bigint`);
  add(query.finishedBefore, (at) => `finished_ms < ${at}::bigint`);
  add(query.dueUntil, (at) => `run_ms <= ${at}::bigint`);
  for (const condition of query.payload ?? []) parts.push(payloadHas(condition, place));
  add(query.error, mentions);
}

function idAt(id: string | undefined): string | null | undefined {
  return id === undefined || id === "0" ? id : idOf(id);
}

function nameIs(column: string, name: string, place: (value: unknown) => string): string {
  if (!name.includes("*")) return `${column} = ${place(name)}`;
  return `${column} LIKE ${place(name.replaceAll(/[\\%_]/g, "\\$&").replaceAll("*", "%"))}`;
}

/** A number is read as such only where it is one, and small enough to be read. */
function payloadHas({ path, equals }: PayloadCondition, place: (value: unknown) => string): string {
  const at = `${place(path)}::text[]`;
  const kind = equals === null ? "null" : typeof equals;
  const isKind = `json_typeof(payload #> ${at}) = '${kind}'`;
  if (equals === null) return isKind;
  const text = `(payload #>> ${at})`;
  if (typeof equals === "number") {
    return `CASE WHEN ${isKind} AND ${text} !~* 'e\\+?\\d{5}' THEN ${text}::numeric = ${place(String(equals))}::numeric ELSE false END`;
  }
  return `(${isKind} AND ${text} = ${place(String(equals))})`;
}

/** The collation makes lower case what SQLite makes of it: letters of ASCII only. */
function mentions(at: string): string {
  const has = (text: string) => `strpos(lower((${text}) COLLATE "C"), ${at}) > 0`;
  return `(${has("attempts #>> '{-1,error,message}'")} OR ${has("reason ->> 'message'")})`;
}
