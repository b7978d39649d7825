import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { type LogLevel, newLogLine } from "../core/log-line.ts";
import type { JobLog } from "../service/job-log.ts";

/** Where the lines of an attempt go beside the worker's logger. */
export interface KeepParts {
  readonly jobLog: Pick<JobLog, "add">;
  readonly clock: Clock;
}

/** The logger of an attempt, whose lines are also kept with the job; those of `debug` are not. */
export function keepingLines(
  logger: Logger,
  { lease, attempt }: ClaimedJob,
  { jobLog, clock }: KeepParts,
): Logger {
  const { id: job, run } = lease;
  let line = 0;
  const kept =
    (level: LogLevel): Logger[LogLevel] =>
    (fields, message) => {
      logger[level](fields, message);
      const at = clock.now();
      jobLog.add(newLogLine({ job, run, attempt, line, at, level, message, fields }));
      line += 1;
    };
  return { debug: logger.debug, info: kept("info"), warn: kept("warn"), error: kept("error") };
}
