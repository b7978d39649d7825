import type { JobConditions } from "../../../core/job-filter.ts";
import type { PayloadCondition, PayloadValue } from "../../../core/payload-filter.ts";
import { idOf } from "../rows.ts";

/** Conditions on rows of `jobsFrom`, joined by AND, and the values of their places. */
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
  add(listOf(query.tag), (at) => `tags::jsonb ?| ${at}::text[]`);
  add(query.createdAfter, (at) => `created_ms >= ${at}::bigint`);
  add(query.createdBefore, (at) => `created_ms < ${at}::bigint`);
  add(query.finishedAfter, (at) => `finished_ms >= ${at}::bigint`);
  add(query.finishedBefore, (at) => `finished_ms < ${at}::bigint`);
  add(query.dueUntil, (at) => `run_ms <= ${at}::bigint`);
  add(query.claimedUntil, (at) => `(owner IS NOT NULL AND claimed_ms <= ${at}::bigint)`);
  add(query.tookMs, (at) => `newest_ended - newest_began > ${at}::bigint`);
  add(query.worker, (at) => `(owner::text = ${at} OR newest_worker = ${at})`);
  add(query.gate, (at) => `gate = ${at}`);
  add(query.uniqueKey, (at) => `unique_key = ${at}`);
  if (query.rescued !== undefined) parts.push(`${query.rescued ? "" : "NOT "}${isRescued}`);
  for (const condition of query.payload ?? []) parts.push(payloadHas(condition, place));
  add(query.error, mentions);
}

function idAt(id: string | undefined): string | null | undefined {
  return id === undefined || id === "0" ? id : idOf(id);
}

/** Any one of the names; those with a star are patterns. */
function nameIs(
  column: string,
  asked: string | readonly string[],
  place: (value: unknown) => string,
): string {
  const names = listOf(asked) ?? [];
  const exact = names.filter((name) => !name.includes("*"));
  const patterns = names
    .filter((name) => name.includes("*"))
    .map((name) => name.replaceAll(/[\\%_]/g, "\\$&").replaceAll("*", "%"));
  const parts = [
    ...(exact.length > 0 ? [`${column} = ANY (${place(exact)}::text[])`] : []),
    ...(patterns.length > 0 ? [`${column} LIKE ANY (${place(patterns)}::text[])`] : []),
  ];
  return `(${parts.join(" OR ")})`;
}

function listOf<Value>(value: Value | readonly Value[] | undefined): readonly Value[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}

const isRescued = `(crashes > 0 OR attempts::jsonb @> '[{"how":"crashed"}]')`;

function payloadHas({ path, equals }: PayloadCondition, place: (value: unknown) => string): string {
  const at = `${place(path)}::text[]`;
  const values = listOf<PayloadValue>(equals) ?? [];
  return `(${values.map((value) => valueIs(at, value, place)).join(" OR ")})`;
}

/**
 * A number is read as such only where it is one, and small enough to be read. Each look into a payload parses it, so the first one turns
 * away as many as it can: whole numbers are written in one way, unless with a dot or an exponent.
 */
function valueIs(at: string, value: PayloadValue, place: (value: unknown) => string): string {
  const kind = value === null ? "null" : typeof value;
  const isKind = `json_typeof(payload #> ${at}) = '${kind}'`;
  if (value === null) return isKind;
  const text = `(payload #>> ${at})`;
  if (typeof value === "number") {
    const first = Number.isSafeInteger(value)
      ? `${text} ~* ${place(`^-?${Math.abs(value)}$|[.e]`)} AND `
      : "";
    return `(${first}CASE WHEN ${isKind} AND ${text} !~* 'e\\+?\\d{5}' THEN ${text}::numeric = ${place(String(value))}::numeric ELSE false END)`;
  }
  return `(${text} = ${place(String(value))} AND ${isKind})`;
}

/** The collation makes lower case what SQLite makes of it: letters of ASCII only. */
function mentions(at: string): string {
  const has = (text: string) => `strpos(lower((${text}) COLLATE "C"), ${at}) > 0`;
  return `(${has("attempts #>> '{-1,error,message}'")} OR ${has("reason ->> 'message'")})`;
}
