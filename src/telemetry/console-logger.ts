import type { Logger } from "../core/logger.ts";

const levels = ["debug", "info", "warn", "error", "silent"] as const;

const deepestCause = 4;

type Level = (typeof levels)[number];
type Fields = Readonly<Record<string, unknown>>;

/**
 * The logger in use when the application hands in none: one readable line per entry to the standard error stream.
 * The environment variable `HOLDFAST_LOG` chooses the lowest level shown: `debug`, `info` (default), `warn`, `error` or `silent`.
 */
export function createConsoleLogger(
  level: string | undefined = process.env["HOLDFAST_LOG"],
): Logger {
  const lowest = levels.indexOf(isLevel(level) ? level : "info");
  const entry =
    (at: Level) =>
    (fields: Fields, message: string): void => {
      if (levels.indexOf(at) < lowest) return;
      process.stderr.write(`${formatEntry(new Date(), at, fields, message)}\n`);
    };
  return { debug: entry("debug"), info: entry("info"), warn: entry("warn"), error: entry("error") };
}

/** One log line: when, how loud, what, and the fields as `name=value`. */
export function formatEntry(at: Date, level: string, fields: Fields, message: string): string {
  const values = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${formatValue(value)}`);
  return `${at.toISOString()} ${level.padEnd(5)} holdfast: ${message}${values.join("")}`;
}

function formatValue(value: unknown): string {
  try {
    if (isErrorLike(value)) return quoted(formatError(value, deepestCause));
    if (typeof value === "string") return quoted(value);
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "(unreadable)";
  }
}

/** Text that cannot be mistaken for the end of its field is shown as it is. */
function quoted(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
}

/** An error, or what was stored of one. */
type ErrorLike = Pick<Error, "name" | "message" | "stack" | "cause">;

function isErrorLike(value: unknown): value is ErrorLike {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && "message" in value && "stack" in value)
  );
}

/** Name, code, message, where it was thrown, and what caused it. */
function formatError(error: ErrorLike, depth: number): string {
  const code = "code" in error ? ` ${String(error.code)}` : "";
  const frame = /^ +(at .*)$/m.exec(error.stack ?? "")?.[1];
  const where = frame === undefined ? "" : ` (${frame})`;
  const { cause } = error;
  const because = isErrorLike(cause) && depth > 0 ? ` <- ${formatError(cause, depth - 1)}` : "";
  return `${error.name}${code}: ${error.message}${where}${because}`;
}

function isLevel(level: string | undefined): level is Level {
  return levels.some((known) => known === level);
}
