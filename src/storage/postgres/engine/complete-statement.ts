import type { Settlement } from "../../../core/settlement.ts";
import { linesOfSettled } from "../../../core/stat-line.ts";
import { fences, idOf } from "../rows.ts";
import { numberArray, textArray } from "./array-literal.ts";
import { countedEnds, notedCall } from "./stat-lines.ts";

/** A call in a statement, and the parameters it names. */
export interface CompleteCall {
  readonly call: string;
  readonly params: readonly unknown[];
}

/**
 * The call that finishes plain successes and counts them, its parameters after the first `offset`; what it does stands with the
 * functions.
 */
export function completeCall(
  schema: string,
  settlements: readonly Settlement[],
  offset: number,
): CompleteCall {
  if (settlements.length === 0) return { call: "NULL::text", params: [] };
  const finish = finishCall(schema, settlements, offset);
  const lines = linesOfSettled(settlements, 0);
  if (lines.length === 0) return finish;
  const { by, params } = countedEnds(lines);
  return {
    call: notedCall(schema, finish.call, offset + finish.params.length, by),
    params: [...finish.params, ...params],
  };
}

function finishCall(
  schema: string,
  settlements: readonly Settlement[],
  offset: number,
): CompleteCall {
  const span = spanParams(settlements);
  const params = span ?? listParams(settlements);
  const names = params.map((_, index) => `$${offset + index + 1}`).join(", ");
  return { call: `${schema}.complete_${span === undefined ? "jobs" : "span"}(${names})`, params };
}

function listParams(settlements: readonly Settlement[]): readonly unknown[] {
  const attempts = settlements.map((settlement) => settlement.attempts[0]);
  return [
    ...fences(settlements.map(({ lease }) => lease)),
    numberArray(attempts.map((attempt) => attempt?.began ?? null)),
    numberArray(attempts.map((attempt) => attempt?.ended ?? null)),
    textArray(settlements.map(({ result }) => result ?? null)),
  ];
}

/**
 * Jobs of one worker whose ids leave few gaps need no list of ids. `undefined` for others. This runs for every job, so texts
 * grow in one pass, without lists between.
 */
function spanParams(settlements: readonly Settlement[]): readonly unknown[] | undefined {
  const ordered = byId(settlements);
  const { owner, run } = (settlements[0] as Settlement).lease;
  const first = plainNumber((ordered[0] as Settlement).lease.id);
  const last = plainNumber((ordered.at(-1) as Settlement).lease.id);
  // NaN is in no order.
  if (!(last - first < 2 * settlements.length)) return undefined;
  const base = earliest(settlements);
  let [began, ended, next] = ["", "", first];
  for (const { lease, attempts } of ordered) {
    const [attempt] = attempts;
    const id = plainNumber(lease.id);
    const alike = lease.owner === owner && lease.run === run && id >= next;
    if (attempt === undefined || !alike || attempt.ended - base > largestInteger) return undefined;
    for (; next < id; next++) {
      began += "-1,";
      ended += "0,";
    }
    began += `${attempt.began - base},`;
    ended += `${attempt.ended - base},`;
    next = id + 1;
  }
  const times = [base, `{${began.slice(0, -1)}}`, `{${ended.slice(0, -1)}}`];
  return [first, settlements.length, idOf(owner), run, ...times, spanResults(ordered, first)];
}

const largestInteger = 2_147_483_647;

/** Nearly always they are in order already. */
function byId(settlements: readonly Settlement[]): readonly Settlement[] {
  let before = 0;
  for (const { lease } of settlements) {
    const id = plainNumber(lease.id);
    if (!(id > before)) {
      return [...settlements].sort((a, b) => plainNumber(a.lease.id) - plainNumber(b.lease.id));
    }
    before = id;
  }
  return settlements;
}

function earliest(settlements: readonly Settlement[]): number {
  let time = Number.POSITIVE_INFINITY;
  for (const { attempts } of settlements) {
    for (const { began, ended } of attempts) time = Math.min(time, began, ended);
  }
  return time;
}

function spanResults(ordered: readonly Settlement[], first: number): string | null {
  if (ordered.every(({ result }) => result === undefined)) return null;
  const results: (string | null)[] = [];
  for (const { lease, result } of ordered) {
    const place = plainNumber(lease.id) - first;
    while (results.length < place) results.push(null);
    results.push(result ?? null);
  }
  return textArray(results);
}

/** `NaN`, which is near nothing, for text that is no number or too large a one to count with. */
function plainNumber(id: string): number {
  if (id.length > 15 || id.startsWith("0")) return Number.NaN;
  let number = 0;
  for (let at = 0; at < id.length; at++) {
    const digit = id.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
