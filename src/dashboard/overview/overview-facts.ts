import type { Finding } from "../../core/finding.ts";
import type { Limit } from "../../core/limits-client.ts";
import type { Queue } from "../../core/queue.ts";
import type { Schedule } from "../../core/schedule.ts";
import type { StatsEntry } from "../../core/stats-client.ts";
import type { Counts } from "../../core/tally.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";

/** Everything the overview is made of. Times are milliseconds since the epoch. */
export interface OverviewFacts {
  readonly queues: readonly Queue[];
  /** Since when the first of its jobs has been due, by queue; queues without any are left out. */
  readonly dueSince: ReadonlyMap<string, number>;
  readonly workers: readonly WorkerRecord[];
  readonly schedules: readonly Pick<Schedule, "name" | "state" | "nextAt" | "failure">[];
  readonly limits: readonly Pick<Limit, "scope">[];
  /** Gates that some of the newest blocked jobs wait at. */
  readonly gates: readonly string[];
  /** The last hour, by queue and name. */
  readonly lastHour: readonly Pick<
    StatsEntry,
    "queue" | "name" | "failed" | "rescued" | "discarded"
  >[];
  /** The last full minute. */
  readonly lastMinute: Pick<Counts, "completed" | "failed" | "retried">;
  /** What was found of the database last; `undefined` while it is looked at for the first time. */
  readonly findings: readonly Pick<Finding, "code" | "level" | "title">[] | undefined;
  readonly now: number;
}
