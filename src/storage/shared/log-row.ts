import type { LogLevel, LogLine } from "../../core/log-line.ts";

/** A row of the log. Fields are JSON text. */
export interface LogRow {
  readonly at: number | string;
  readonly level: string;
  readonly message: string;
  readonly fields: string | null;
  readonly attempt: number;
  readonly run: number;
}

/** The line a row holds. */
export function logLineOf({ at, level, message, fields, attempt, run }: LogRow): LogLine {
  return {
    at: Number(at),
    level: level as LogLevel,
    message,
    fields: fields === null ? {} : (JSON.parse(fields) as LogLine["fields"]),
    attempt,
    run,
  };
}
