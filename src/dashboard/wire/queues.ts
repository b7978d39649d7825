import type { Limit } from "../../core/limits-client.ts";
import type { Queue } from "../../core/queue.ts";
import type { StatsEntry, StatsPoint } from "../../core/stats-client.ts";
import type { Counted } from "./jobs.ts";

/** A queue in the table. */
export interface QueueRow
  extends Omit<Queue, "available" | "running" | "blocked" | "scheduled" | "servedBy" | "atLeast"> {
  readonly available: Counted;
  readonly running: Counted;
  readonly blocked: Counted;
  readonly scheduled: Counted;
  /** Ids of the workers that take its jobs. */
  readonly servedBy: readonly string[];
  /** Places of those workers for it. */
  readonly places: number;
  /** Jobs at once in the end: the smaller of the places and `maxRunning`. */
  readonly effective: number;
  /** Completed jobs of the last hour, one number a minute, oldest first. */
  readonly history: readonly number[];
}

/** `GET api/queues`. */
export interface QueuesAnswer {
  readonly queues: readonly QueueRow[];
  readonly now: number;
}

/** What one worker does in a queue. */
export interface QueueWorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly state: "running" | "draining";
  /** Jobs of the queue it runs at once; `null` when it does not say. */
  readonly places: number | null;
}

/** `GET api/queues/:name`. */
export interface QueueAnswer {
  readonly queue: QueueRow;
  readonly workers: readonly QueueWorkerRow[];
  /** The effective limit in words' parts: `effective = min(workers x places, maxRunning)`. */
  readonly limit: {
    readonly places: number;
    readonly maxRunning: number | null;
    readonly effective: number;
  };
  readonly now: number;
}

/** `POST api/queues/:name/update`: what is left out stays, `null` takes a setting back. */
export interface UpdateQueueBody {
  readonly concurrency?: number | null;
  readonly maxRunning?: number | null;
  readonly backoff?: Readonly<Record<string, unknown>> | null;
  readonly retention?: { readonly completed?: string | null; readonly dead?: string | null } | null;
  readonly cooling?: null;
}

/** `GET api/limits`. */
export interface LimitsAnswer {
  readonly limits: readonly Limit[];
}

/** `GET api/stats/series?from=&to=&queue=&name=&step=`. */
export interface SeriesAnswer {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly points: readonly StatsPoint[];
}

/** `GET api/stats/list?from=&to=&queue=&name=`, those that began most first. */
export interface StatsListAnswer {
  readonly entries: readonly StatsEntry[];
  /** True when there are more than are told. */
  readonly more: boolean;
}

/** `POST api/limits/:scope/update`: what is left out stays, `null` takes it away. */
export interface UpdateLimitBody {
  readonly concurrent?: number | null;
  readonly rate?: string | null;
}
