import type { JobCount, QueueGauges } from "../core/queue-gauges.ts";
import type { ScheduleRecord } from "../core/schedule.ts";
import type { StatTotal } from "../core/stat-total.ts";
import type { WorkerRecord } from "../core/worker-record.ts";

/** What metrics are written from. */
export interface MetricsFacts {
  /** Now by the database's clock, in milliseconds since the epoch. */
  readonly now: number;
  readonly totals: readonly StatTotal[];
  readonly queues: readonly QueueGauges[];
  /** The jobs that have not finished; `undefined` while they are counted for the first time. */
  readonly counted: { readonly counts: readonly JobCount[]; readonly ageMs: number } | undefined;
  readonly workers: readonly WorkerRecord[];
  readonly schedules: readonly Pick<ScheduleRecord, "nextAt" | "pausedAt" | "failure">[];
}
