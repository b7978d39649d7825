import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "../core/logger.ts";
import { type NewLogLine, newestLines } from "../core/log-line.ts";
import type { LogStore } from "../storage/contract/log.ts";

/** Stores what jobs write to their logs, some lines at a time and in the background. */
export interface JobLog {
  /** Keeps a line for the next time lines are stored. Never throws. */
  add(line: NewLogLine): void;
  /** Stores what was kept so far. Never rejects: lines that cannot be stored are lost, with a warning. */
  flush(): Promise<void>;
}

/** What storing lines needs. */
export interface JobLogParts {
  readonly storage: Pick<LogStore, "appendLog">;
  readonly logger: Logger;
  /** How long lines wait for others. */
  readonly pauseMs?: number;
}

const mostTogether = 500;
/** Beyond so many that wait, while the database is slow or gone, the oldest are given up. */
const mostWaiting = 5_000;
const warnEveryMs = 60_000;

/** A log with nothing in it. */
export function createJobLog({ storage, logger, pauseMs = 500 }: JobLogParts): JobLog {
  const warn = createWarning(logger);
  // A timer set by a handler would carry its transaction and its trace along.
  const outside = AsyncLocalStorage.snapshot();
  let waiting: NewLogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.splice(0, mostTogether);
      try {
        await storage.appendLog(newestLines(lines));
      } catch (error) {
        warn(lines.length, error);
      }
    }
    storing = undefined;
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) storing ??= outside(storeAll);
    return storing ?? Promise.resolve();
  }

  return {
    flush,
    add(line) {
      waiting.push(line);
      if (waiting.length > mostWaiting) {
        waiting = waiting.slice(mostTogether);
        warn(mostTogether, undefined);
      }
      if (storing !== undefined) return;
      if (waiting.length >= mostTogether) void flush();
      else timer ??= outside(() => setTimeout(() => void flush(), pauseMs).unref());
    },
  };
}

/** Says how many lines were lost, once a minute. */
function createWarning(logger: Logger): (lines: number, error: unknown) => void {
  let lost = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return (lines, error) => {
    lost += lines;
    const now = performance.now();
    if (now - saidAt < warnEveryMs) return;
    saidAt = now;
    logger.warn({ lines: lost, error }, "lines of job.log could not be stored with their jobs");
    lost = 0;
  };
}
