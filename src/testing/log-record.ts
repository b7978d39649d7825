import type { Logger } from "../core/logger.ts";

/** One line that was logged. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told, and what it was told. */
export interface LogRecord {
  readonly logger: Logger;
  readonly lines: readonly LogLine[];
}

/** A record of nothing yet. */
export function createLogRecord(): LogRecord {
  const lines: LogLine[] = [];
  const keep =
    (level: keyof Logger): Logger["info"] =>
    (fields, message) => {
      lines.push({ level, message, fields });
    };
  const logger = {
    debug: keep("debug"),
    info: keep("info"),
    warn: keep("warn"),
    error: keep("error"),
  };
  return { logger, lines };
}
