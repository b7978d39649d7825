import { defaults } from "./defaults.ts";
import { storeError } from "./stored-error.ts";

/** How loud a line is that is kept. */
export type LogLevel = "info" | "warn" | "error";

/** A line that a handler wrote with `job.log`. */
export interface LogLine {
  /** When, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The try's number against the retry budget. */
  readonly attempt: number;
  readonly run: number;
}

/** A line about to be stored; the fields are JSON text. */
export interface NewLogLine extends Omit<LogLine, "fields"> {
  readonly job: string;
  /** How many lines its run wrote before it. */
  readonly line: number;
  /** Where it stands among those kept of its run: a line too many takes the place of the oldest. */
  readonly place: number;
  /** `null` for none. */
  readonly fields: string | null;
}

/** What a line is made of. */
export interface LogLineParts extends Omit<NewLogLine, "place" | "message" | "fields"> {
  readonly message: unknown;
  readonly fields: unknown;
}

const mostText = 4_096;
const mostFields = 8_192;

/** A line as it is stored: whatever was logged, text any database takes, and no more of it than fits. Never throws. */
export function newLogLine({ message, fields, ...parts }: LogLineParts): NewLogLine {
  return {
    ...parts,
    message: plainText(typeof message === "string" ? message : asText(fields)),
    fields: typeof message === "string" ? fieldsText(fields) : null,
    place: parts.line % defaults.logLinesKept,
  };
}

/** Those of some lines that stay: of two with one place the later. */
export function newestLines(lines: readonly NewLogLine[]): readonly NewLogLine[] {
  const newest = new Map(lines.map((line) => [`${line.job} ${line.run} ${line.place}`, line]));
  return newest.size === lines.length ? lines : [...newest.values()];
}

/** Neither database keeps a NUL in text, nor half of a surrogate pair. */
function plainText(text: string): string {
  return text.slice(0, mostText).replaceAll(/\0|\p{Surrogate}/gu, "\uFFFD");
}

/** Someone who left the fields out has the message in their place. */
function asText(fields: unknown): string {
  return typeof fields === "string" ? fields : (fieldsText(fields) ?? "");
}

function fieldsText(fields: unknown): string | null {
  const text = jsonText(fields);
  if (text === undefined || text === "{}") return null;
  return text.length <= mostFields ? text : JSON.stringify({ cut: text.slice(0, mostFields) });
}

function jsonText(fields: unknown): string | undefined {
  try {
    return JSON.stringify(fields, (_, value: unknown) => plainValue(value));
  } catch {
    return '{"unreadable":true}';
  }
}

function plainValue(value: unknown): unknown {
  if (value instanceof Error) return storeError(value);
  return typeof value === "bigint" ? String(value) : value;
}
