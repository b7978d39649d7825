import type { StatRow } from "../../core/stat-row.ts";
import type { StatTotal } from "../../core/stat-total.ts";
import type { PassAnswer } from "./maintain.ts";

/** Which rows of what was counted. */
export interface StatFilter {
  /** Spans that begin at or after this moment, in milliseconds. */
  readonly from: number;
  /** And before this one. */
  readonly to: number;
  readonly queue?: string;
  readonly name?: string;
}

/** How what was counted is added up. */
export interface StatSums extends StatFilter {
  /** Apart for each step of so many milliseconds, which begin at whole multiples of it; without it all of the range together. */
  readonly step?: number;
  /** Whether apart for each queue and name. */
  readonly apart?: boolean;
}

/** How long what was counted is kept, and how finely. Milliseconds. */
export interface StatsKept {
  /** By the minute for so long, then by the hour. */
  readonly minutesMs: number;
  /** Gone after so long. */
  readonly allMs: number;
}

/**
 * What was counted. Counting itself is part of the writes counted: storing a job, settling one, and cancelling one that waits say
 * what they did in their own transaction, so nothing is counted that was rolled back, and nothing twice.
 */
export interface StatsStore {
  /** What was counted, in no order; several rows may be of the same span, queue and name. */
  readStats(filter: StatFilter): Promise<readonly StatRow[]>;
  /**
   * The same, added up: several rows may be of the same step, queue and name. `at` is where the step begins, 0 without steps; queue
   * and name are empty unless they are told apart.
   */
  sumStats(sums: StatSums): Promise<readonly StatRow[]>;
  /**
   * What was counted of each queue and name since ever, in no order: it only grows, whatever is no longer kept. Its cost is that
   * of the queues and names, and of the lines not yet added up.
   */
  readTotals(): Promise<readonly StatTotal[]>;
  /**
   * Adds up what writes have said, at most `limit` of their lines, into a row for each minute, queue and name, and into the total of
   * each queue and name; minutes into hours as they grow old; and removes the rows that are no longer kept. Readers see all of it or none.
   */
  rollUpStats(limit: number, now: number, kept: StatsKept): Promise<PassAnswer>;
}
