import type { Counter } from "../core/tally.ts";

/** What is said of one metric. `docs/guides/monitoring.md` lists each, and a test keeps both lists the same. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

const ofName = ["queue", "name"] as const;
const ofQueue = ["queue"] as const;

function counter(help: string): Metric {
  return { type: "counter", labels: ofName, help };
}

function gauge(help: string, labels: readonly string[] = []): Metric {
  return { type: "gauge", labels, help };
}

function histogram(help: string): Metric {
  return { type: "histogram", labels: ofName, help };
}

/** Every metric, in the order they are written. */
export const metricCatalogue = {
  holdfast_jobs_enqueued_total: counter("Jobs stored."),
  holdfast_attempts_started_total: counter("Attempts that began; counted when they end."),
  holdfast_jobs_completed_total: counter("Jobs completed."),
  holdfast_attempts_rescheduled_total: counter("Attempts that ended by booking the next run."),
  holdfast_attempts_snoozed_total: counter("Attempts put off without being spent."),
  holdfast_attempts_failed_total: counter(
    "Attempts that threw, timed out, crashed or discarded their job.",
  ),
  holdfast_attempts_retried_total: counter("Failed attempts whose job is to run again."),
  holdfast_jobs_discarded_total: counter("Jobs given up."),
  holdfast_jobs_cancelled_total: counter("Jobs cancelled, while they waited or ran."),
  holdfast_jobs_rescued_total: counter("Jobs brought back from workers that died."),

  holdfast_job_waiting_seconds: histogram("From when an attempt was due until it began."),
  holdfast_job_running_seconds: histogram("From when an attempt began until it ended."),

  holdfast_jobs: gauge("Jobs that have not finished.", ["queue", "state"]),
  holdfast_jobs_count_age_seconds: gauge("How long ago the jobs were counted."),
  holdfast_queue_lag_seconds: gauge("How long the first job in line has been due.", ofQueue),
  holdfast_queue_paused: gauge("1 while the queue is paused.", ofQueue),
  holdfast_queue_closed: gauge("1 while a throttled handler keeps the queue closed.", ofQueue),
  holdfast_queue_concurrency: gauge(
    "Jobs at once in each worker, where an operator has set it.",
    ofQueue,
  ),
  holdfast_queue_max_running: gauge(
    "Jobs at once in all workers, where an operator has set it.",
    ofQueue,
  ),
  holdfast_queue_workers: gauge("Live workers that take jobs of the queue.", ofQueue),
  holdfast_queue_slots: gauge("Jobs of the queue that these workers run at once.", ofQueue),

  holdfast_workers: gauge("Live workers; those silent for a lease are about to be declared dead.", [
    "state",
  ]),
  holdfast_worker_places: gauge("Places for jobs of all workers, as of their last heartbeats."),
  holdfast_worker_places_busy: gauge("Places with a job in them, as of the last heartbeats."),
  holdfast_schedules: gauge("Schedules that are not paused."),
  holdfast_schedules_overdue: gauge("Schedules whose next tick is more than a minute late."),
  holdfast_schedules_failing: gauge("Schedules whose ticks cannot make their jobs."),
  holdfast_labels_left_out: gauge("1 while a label is left out, as it has too many values.", [
    "label",
  ]),
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric. */
export type MetricName = keyof typeof metricCatalogue;

/** Which metric tells a counter. */
export const metricOf: Readonly<Record<Counter, MetricName>> = {
  enqueued: "holdfast_jobs_enqueued_total",
  started: "holdfast_attempts_started_total",
  completed: "holdfast_jobs_completed_total",
  rescheduled: "holdfast_attempts_rescheduled_total",
  snoozed: "holdfast_attempts_snoozed_total",
  failed: "holdfast_attempts_failed_total",
  retried: "holdfast_attempts_retried_total",
  discarded: "holdfast_jobs_discarded_total",
  cancelled: "holdfast_jobs_cancelled_total",
  rescued: "holdfast_jobs_rescued_total",
};
