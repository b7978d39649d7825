import type { Duration } from "./duration.ts";
import type { Percentiles } from "./histogram.ts";
import type { Counts } from "./tally.ts";

/** Which jobs and which time; moments are dates, or milliseconds since the epoch. */
export interface StatsRange {
  /** The first moment; default an hour before `to`. Rounded down to a whole minute. */
  readonly from?: Date | number;
  /** The moment after the last; default now. Rounded up to a whole minute. */
  readonly to?: Date | number;
  readonly queue?: string;
  readonly name?: string;
}

/**
 * What happened in some time. Attempts are counted when they end, and then: `started` and `waiting` at the time they began, all
 * else at the time they ended.
 */
export interface Stats extends Counts {
  /** Milliseconds from when attempts were due until they began; `null` when none did. */
  readonly waiting: Percentiles | null;
  /** Milliseconds attempts ran; `null` when none ended. */
  readonly running: Percentiles | null;
}

/** What happened in a range of time. */
export interface StatsSummary extends Stats {
  readonly from: number;
  readonly to: number;
}

/** What happened to the jobs of one name in one queue. */
export interface StatsEntry extends Stats {
  readonly queue: string;
  readonly name: string;
}

/** What happened in one step of a series. */
export interface StatsPoint extends Stats {
  /** The step's beginning, in milliseconds since the epoch. */
  readonly at: number;
}

/** A series over time. */
export interface StatsSeries {
  readonly from: number;
  readonly to: number;
  /** Milliseconds from one point to the next. */
  readonly step: number;
  /** Every step has a point, also when nothing happened in it. */
  readonly points: readonly StatsPoint[];
}

/**
 * What was counted, over all workers and also of jobs that are no longer kept. By the minute for two days, then by the hour
 * for thirty; an hour belongs to the range its beginning is in.
 */
export interface StatsClient {
  /**
   * Adds up a range.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * const day = await client.stats.summary({ queue: "emails", from: Date.now() - 86_400_000 });
   * console.log(day.completed, day.failed, day.waiting?.p95);
   * ```
   */
  summary(range?: StatsRange): Promise<StatsSummary>;
  /**
   * Adds up a range for each queue and name, by queue and then name.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   */
  list(range?: StatsRange): Promise<readonly StatsEntry[]>;
  /**
   * A range in steps of equal length, which begin at whole multiples of it in UTC. A step is whole minutes; by default the
   * shortest of 1m, 5m, 15m, 1h, 6h and 1d that makes at most 120 points. More than 10,000 are refused.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   */
  series(range?: StatsRange & { readonly step?: Duration }): Promise<StatsSeries>;
}
