import type { LogLine, NewLogLine } from "../../core/log-line.ts";

/** What jobs wrote to their logs. */
export interface LogStore {
  /**
   * Stores lines; one whose place is taken writes over the line there. Those of jobs that are not there any more are left out, and
   * of each job the lines of the newest 32 runs stay. They go with the job.
   */
  appendLog(lines: readonly NewLogLine[]): Promise<void>;
  /** The newest lines of a job, oldest first. */
  readLog(job: string, limit: number): Promise<readonly LogLine[]>;
}
