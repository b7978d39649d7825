import { isName } from "../../core/check-options.ts";
import { parseDuration } from "../../core/duration.ts";
import { laneGate } from "../../core/gate.ts";
import { momentForms, parseMoment } from "../../core/moment.ts";
import type { FilterProblem, ProblemKind } from "./problem.ts";
import type { Value } from "./tokenise.ts";
import { isLiteral, type Scalar } from "./write-value.ts";

/** A value that was read, or why it cannot be. */
export type Read<Result> = { readonly value: Result } | { readonly problem: FilterProblem };

/** A stretch of time; either end may be open. */
export interface Span {
  /** This moment or later. */
  readonly after?: number;
  /** Before this moment. */
  readonly before?: number;
}

const duration = /^\d+(\.\d+)?(ms|s|m|h|d|w)$/;
const day = /^\d{4}-\d\d-\d\d$/;
const dayMs = 86_400_000;

/** A problem with a value. */
export function problemAt(
  { from, to }: { readonly from: number; readonly to: number },
  kind: ProblemKind,
  message: string,
): { readonly problem: FilterProblem } {
  return { problem: { kind, from, to, message } };
}

/** Text such as a name; `~` may stand before it where it says so. */
export function readText(field: string, value: Value, tilde: "~" | "" = ""): Read<string> {
  if (value.operator !== "" && value.operator !== tilde) return noOperator(field, value);
  if (value.text === "") return noValue(field, value);
  if (isName(value.text)) return { value: value.text };
  return problemAt(value, "bad-value", `${field} takes text of at most 255 characters.`);
}

/** The key of a lane, as the gate that it is. */
export function readLane(field: string, value: Value): Read<string> {
  const read = readText(field, value);
  if ("problem" in read) return read;
  const gate = laneGate(read.value);
  if (isName(gate)) return { value: gate };
  const most = 255 - laneGate("").length;
  return problemAt(value, "bad-value", `${field} takes text of at most ${most} characters.`);
}

/** `true` or `false`. */
export function readBoolean(field: string, value: Value): Read<boolean> {
  if (value.operator !== "") return noOperator(field, value);
  if (value.text === "") return noValue(field, value);
  if (value.text === "true" || value.text === "false") return { value: value.text === "true" };
  return problemAt(value, "bad-value", `${field} is true or false; got ${shown(value)}.`);
}

/** An id of a job. */
export function readId(value: Value): Read<string> {
  if (value.operator !== "") return noOperator("id", value);
  if (value.text === "") return noValue("id", value);
  if (/^\d{1,19}$/.test(value.text)) return { value: value.text };
  return problemAt(value, "bad-value", `An id is a whole number such as 12; got ${shown(value)}.`);
}

/** `>2h` is longer ago than two hours, `<2h` less long; `>2026-11-29` is then or later, `<` earlier, and a day alone is that day. */
export function readSpan(field: string, value: Value, now: number): Read<Span> {
  const { operator, text } = value;
  if (text === "") return noValue(field, value);
  if (operator === "~") return noOperator(field, value);
  if (duration.test(text) && operator !== "") {
    const ms = durationMs(text);
    if (ms === undefined) return badDuration(field, value);
    const at = Math.max(0, now - ms);
    return { value: operator === ">" ? { before: at } : { after: at } };
  }
  const at = duration.test(text) ? undefined : parseMoment(text);
  if (at !== undefined && at >= 0 && at <= 8.64e15) {
    if (operator === ">") return { value: { after: at } };
    if (operator === "<") return { value: { before: at } };
    if (day.test(text)) return { value: { after: at, before: at + dayMs } };
  }
  return problemAt(
    value,
    "bad-value",
    `${field} takes <2h for the last two hours, >2h for longer ago, a day such as 2026-01-31, or < or > before ${momentForms}; got ${shown(value)}.`,
  );
}

/** `>30s`, in milliseconds. */
export function readLonger(field: string, value: Value): Read<number> {
  if (value.text === "") return noValue(field, value);
  const ms = value.operator === ">" ? durationMs(value.text) : undefined;
  return ms === undefined ? badDuration(field, value) : { value: ms };
}

/** A value of a payload: in quotes it is text, else what it looks like. */
export function readScalar(field: string, value: Value): Read<Scalar> {
  if (value.operator !== "") return noOperator(field, value);
  if (!value.quoted && value.text === "") return noValue(field, value);
  if (value.quoted || !isLiteral(value.text)) return { value: value.text };
  const scalar = JSON.parse(value.text) as Scalar;
  if (typeof scalar !== "number") return { value: scalar };
  if (isExact(scalar, value.text)) return { value: scalar === 0 ? 0 : scalar };
  return problemAt(
    value,
    "bad-value",
    `${shown(value)} has more digits than can be compared; put it in quotes if the payload has it as text.`,
  );
}

/** True when a double keeps a whole number as it is written, or would itself be written so. */
function isExact(value: number, text: string): boolean {
  if (!Number.isFinite(value)) return false;
  return !/^-?\d+$/.test(text) || String(value) === text || BigInt(value) === BigInt(text);
}

function durationMs(text: string): number | undefined {
  try {
    return parseDuration(text, "");
  } catch {
    return undefined;
  }
}

function badDuration(field: string, value: Value): { readonly problem: FilterProblem } {
  return problemAt(
    value,
    "bad-value",
    `${field} takes a length of time after >, such as ${field}:>30s, >5m or >2h; got ${shown(value)}.`,
  );
}

function noOperator(field: string, value: Value): { readonly problem: FilterProblem } {
  return problemAt(
    value,
    "bad-operator",
    `${field} takes no ${value.operator} before its value; put the value in quotes if it begins with it.`,
  );
}

function noValue(field: string, value: Value): { readonly problem: FilterProblem } {
  return problemAt(value, "no-value", `${field} needs a value after the colon.`);
}

function shown({ operator, text }: Value): string {
  return JSON.stringify((operator + text).slice(0, 80));
}
