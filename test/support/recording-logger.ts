import type { Logger } from "../../src/core/logger.ts";

/** One line somebody logged. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
  /** The lines with this message. */
  said(message: string): readonly LogLine[];
}

/** A logger nobody has told anything yet. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const record =
    (level: keyof Logger) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    said: (message) => lines.filter((line) => line.message === message),
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
}
