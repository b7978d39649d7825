/** Judges whether a process's main loop stands still, from what another thread sees of it. */
export interface WedgeWatch {
  /**
   * Takes one look and gives how long the loop has stood still, in milliseconds, when that is too long. Times are those of
   * `monotonicNow`: now, the loop's last turn, and the earliest moment a running job must be over.
   */
  look(now: number, lastTurn: number, earliestDeadline: number): number | undefined;
}

/** What is too long. Times are milliseconds. */
export interface WedgeLimits {
  /** How often the looks are meant to be. */
  readonly lookEveryMs: number;
  readonly wedgedAfterMs: number;
  /** Past a job's deadline, this is long enough. */
  readonly graceMs: number;
}

/** However short the grace: a loop that turns late is no loop that stands still. */
const shortestStandMs = 1_000;

/** A watch that has seen nothing yet. */
export function createWedgeWatch({ lookEveryMs, wedgedAfterMs, graceMs }: WedgeLimits): WedgeWatch {
  const overdueMs = Math.max(graceMs, shortestStandMs);
  let turned: number | undefined;
  let looked: number | undefined;
  let stuckMs = 0;
  return {
    look(now, lastTurn, earliestDeadline) {
      // Time counts only while the looking thread itself runs: a process paused as a whole is not wedged.
      const sinceLook = Math.min(now - (looked ?? now), 2 * lookEveryMs);
      stuckMs = lastTurn === turned ? stuckMs + sinceLook : 0;
      looked = now;
      turned = lastTurn;
      const overdue = now > earliestDeadline + graceMs && stuckMs > overdueMs;
      return stuckMs > wedgedAfterMs || overdue ? stuckMs : undefined;
    },
  };
}
