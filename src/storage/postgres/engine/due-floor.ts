/** From which moment on promotion looks for due jobs, so that it does not walk past all those it has moved. */
export interface DueFloor {
  /** The earliest `run_at` to look at now; 0 when it is time to look from the start, where late commits and locked rows lie. */
  next(now: number): number;
  /** A look that began at `from` found nothing due any more before `now`. */
  passed(from: number, now: number): void;
}

/** A commit may come this much later than the moment it is due. */
const trailMs = 1_000;

/** A look from the start takes a twentieth of the time at most. */
const sweepShare = 20;
const longestPauseMs = 10_000;

/** A floor that knows nothing yet. */
export function createDueFloor(): DueFloor {
  let floor = 0;
  let began = 0;
  let sweepAt = Number.NEGATIVE_INFINITY;
  return {
    next(now) {
      began = performance.now();
      return began >= sweepAt ? 0 : Math.min(floor, now - trailMs);
    },
    passed(from, now) {
      const at = performance.now();
      if (from === 0) sweepAt = at + Math.min((at - began) * sweepShare, longestPauseMs);
      floor = now - trailMs;
    },
  };
}
