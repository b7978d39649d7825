import type { BackoffPolicy } from "./retry-policy.ts";
import { type Server, serversOf } from "./serving.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** What an operator has set for a queue; `null` where nothing is set. Times are milliseconds. */
export interface QueueSettings {
  /** Jobs of it running at once in each process, whatever the worker's own options say. */
  readonly concurrency: number | null;
  /** Jobs of it running at once in all processes together. */
  readonly maxRunning: number | null;
  /** How its failed jobs come back, whatever their definitions say. */
  readonly backoff: BackoffPolicy | null;
  /** How long its finished jobs are kept. */
  readonly retention: QueueRetention;
}

/** How long finished jobs are kept, in milliseconds; `null` for the default. */
export interface QueueRetention {
  readonly completed: number | null;
  /** Cancelled and discarded ones. */
  readonly dead: number | null;
}

/** What is counted of a queue. */
export const queueCounts = ["available", "running", "blocked", "scheduled"] as const;

/** A queue as the database knows it. Times are milliseconds since the epoch. */
export interface QueueRecord extends QueueSettings {
  readonly name: string;
  readonly paused: boolean;
  /** Until when a throttled handler has closed it; `null` when it is open. */
  readonly closedUntil: number | null;
  /** How far up the throttle curve it is; 0 when it never was closed. */
  readonly throttleLevel: number;
  /** Jobs ready to be claimed. */
  readonly available: number;
  readonly running: number;
  /** Jobs that wait to be let in by a lane or a limit. */
  readonly blocked: number;
  /** Jobs due later: scheduled and retryable. */
  readonly scheduled: number;
  /** When it was last paused, resumed or updated by hand, and by whom; `null` when it never was, or nobody said. */
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  /** The counts that stopped at `countAtMost`: there may be more. Empty when all were counted. */
  readonly atLeast: readonly (typeof queueCounts)[number][];
}

/** A named line of jobs with its settings. Times are milliseconds since the epoch. */
export interface Queue extends QueueRecord {
  /** The ids of the workers that take its jobs: they live, serve it and do not drain. */
  readonly servedBy: readonly string[];
  /** True when jobs wait in it and no worker takes them. */
  readonly unserved: boolean;
}

/** Puts queues together with the live workers that serve them. */
export function withServers(
  queues: readonly QueueRecord[],
  workers: readonly (Server & Pick<WorkerRecord, "id">)[],
): readonly Queue[] {
  return queues.map((queue) => {
    const servedBy = serversOf(queue.name, workers).map(({ id }) => id);
    const waiting = queue.available + queue.blocked + queue.scheduled;
    return { ...queue, servedBy, unserved: servedBy.length === 0 && waiting > 0 };
  });
}
