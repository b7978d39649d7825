import { kindOf } from "../../core/check-options.ts";
import { parseDuration } from "../../core/duration.ts";
import { HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { StoredError } from "../../core/stored-error.ts";

/** The version of the protocol between a pool and its children; `docs/protocol.md` describes it. */
export const protocolVersion = 1;

/** How a child says that a job ended. */
export type Reply =
  | { readonly type: "ok"; readonly id: string; readonly result: unknown }
  | { readonly type: "error"; readonly id: string; readonly error: StoredError }
  | { readonly type: "discard"; readonly id: string; readonly message: string }
  | { readonly type: "snooze"; readonly id: string; readonly delayMs: number }
  | {
      readonly type: "throttled";
      readonly id: string;
      readonly retryAfterMs: number | undefined;
      readonly message: string | undefined;
    };

/** What a child says about a job while it runs. */
export type Report =
  | { readonly type: "progress"; readonly id: string; readonly value: unknown }
  | {
      readonly type: "log";
      readonly id: string;
      readonly level: keyof Logger;
      readonly message: string;
      readonly fields: object | undefined;
    };

/** Anything a child may say. */
export type ChildMessage = { readonly type: "ready"; readonly protocol: unknown } | Reply | Report;

type Members = Readonly<Record<string, unknown>>;

const levels: readonly string[] = ["debug", "info", "warn", "error"] satisfies (keyof Logger)[];

const readers: Readonly<Record<ChildMessage["type"], (members: Members) => ChildMessage>> = {
  ready: ({ protocol }) => ({ type: "ready", protocol }),
  ok: (members) => ({ type: "ok", id: text(members, "id"), result: members["result"] }),
  error: (members) => ({ type: "error", id: text(members, "id"), error: readError(members) }),
  discard: (members) => ({
    type: "discard",
    id: text(members, "id"),
    message: optional(members, "message") ?? "The child gave the job up.",
  }),
  snooze: (members) => ({
    type: "snooze",
    id: text(members, "id"),
    delayMs: parseDuration(members["delay"], "delay"),
  }),
  throttled: (members) => ({
    type: "throttled",
    id: text(members, "id"),
    retryAfterMs: isMissing(members["retryAfter"])
      ? undefined
      : parseDuration(members["retryAfter"], "retryAfter"),
    message: optional(members, "message"),
  }),
  progress: (members) => ({ type: "progress", id: text(members, "id"), value: members["value"] }),
  log: (members) => ({
    type: "log",
    id: text(members, "id"),
    level: readLevel(members["level"]),
    message: text(members, "message"),
    fields: readFields(members["fields"]),
  }),
};

/** A line as the child's state machine takes it: a message, or why it is none. */
export type HeardLine =
  | { readonly kind: "heard"; readonly message: ChildMessage }
  | { readonly kind: "breached"; readonly why: string };

/** Reads one line of a child. Members it does not know are left alone, so that later versions can add some. */
export function readLine(line: string): HeardLine {
  try {
    const members = parse(line);
    const { type } = members;
    if (typeof type === "string" && isKnown(type)) {
      return { kind: "heard", message: readers[type](members) };
    }
    throw breach(`a message has the type ${kindOf(type)}`);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { kind: "breached", why: error.message };
  }
}

function breach(why: string): HoldfastError {
  return new HoldfastError("CHILD_PROTOCOL", why);
}

function isKnown(type: string): type is ChildMessage["type"] {
  return Object.hasOwn(readers, type);
}

function parse(line: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw breach(`a line is not JSON: ${kindOf(line)}`);
  }
  if (isObject(value)) return value;
  throw breach(`a line is not a JSON object: ${kindOf(line)}`);
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function text(members: Members, name: string): string {
  const value = members[name];
  if (typeof value === "string") return value;
  throw breach(`${name} of ${kindOf(members["type"])} must be text, got ${kindOf(value)}`);
}

function optional(members: Members, name: string): string | undefined {
  return isMissing(members[name]) ? undefined : text(members, name);
}

function readLevel(value: unknown): keyof Logger {
  if (isMissing(value)) return "info";
  if (typeof value === "string" && levels.includes(value)) return value as keyof Logger;
  throw breach(`level must be one of ${levels.join(", ")}, got ${kindOf(value)}`);
}

function readFields(value: unknown): object | undefined {
  if (isMissing(value)) return undefined;
  if (isObject(value)) return value;
  throw breach(`fields must be an object, got ${kindOf(value)}`);
}

function readError(members: Members): StoredError {
  const stack = optional(members, "stack");
  const code = optional(members, "code");
  return {
    name: optional(members, "name") ?? "Error",
    message: optional(members, "message") ?? "The child reported an error without a message.",
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
  };
}
