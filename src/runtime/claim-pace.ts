import type { IdleMark } from "./idle-mark.ts";
import { monotonicNow } from "./vital-signs.ts";

/** When to look for work again. */
export interface ClaimPace {
  /** There may be jobs to take: nothing has shown since that there are none. */
  hungry(): boolean;
  /** The last look found all it asked for, so that another beside one under way is worth its while. */
  plenty(): boolean;
  /** A look begins: what is said of work from now on is news. */
  looking(): void;
  /** How long to rest before the next look, in milliseconds; 0 or less when it is due. */
  rest(): number;
  /** There may be work, whatever the last look found. */
  hurry(): void;
  /** What a look found of how much it asked for; `undefined` when it failed. */
  found(jobs: number | undefined, asked: number): void;
  /** What a look beside another found: too little of it says nothing of the work there is. */
  foundMore(jobs: number, asked: number): void;
}

/** What sets the pace. */
export interface ClaimPaceParts {
  /** The longest pause while hints cannot be relied on. */
  readonly pollMs: number;
  readonly idleMark: IdleMark;
  /** Look once more. */
  readonly again: () => void;
}

const firstPollMs = 25;
/** While hints can be relied on, looks for work are rarer by this factor. */
export const relaxation = 15;
/** After so many looks in a row that found jobs, hints would only repeat what the next look shows. */
const manyInARow = 10;
/** For so long hints are not asked for after as many of them led to nothing. */
const distrustMs = 5_000;
/** After a claim that was not filled: long enough for jobs to gather, or for a turn to bring the next claim along. */
const gatherMs = 2;

/** Says of each look whether hints are worth asking for: those that bear no fruit, as of a paused queue, only hold up their senders. */
function createTrust() {
  let hinted = false;
  let fruitless = 0;
  let distrustedUntil = Number.NEGATIVE_INFINITY;
  return {
    hinted() {
      hinted = true;
    },
    misplaced(jobs: number): boolean {
      if (jobs > 0) fruitless = 0;
      else if (hinted) fruitless += 1;
      hinted = false;
      if (fruitless < manyInARow) return monotonicNow() < distrustedUntil;
      fruitless = 0;
      distrustedUntil = monotonicNow() + distrustMs;
      return true;
    },
  };
}

/** At once while there are more jobs, then at growing pauses up to the poll floor. */
export function createClaimPace({ pollMs, idleMark, again }: ClaimPaceParts): ClaimPace {
  let hungry = true;
  let plenty = false;
  let lookAt = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  let inARow = 0;
  let unheeded = 0;
  const trust = createTrust();

  function noteIdleness(jobs: number, filled: boolean): void {
    inARow = jobs === 0 ? 0 : inARow + 1;
    if (trust.misplaced(jobs) || filled || inARow >= manyInARow) idleMark.drop();
    // What came before the mark was there had nobody to tell: one more look.
    else if (jobs === 0) idleMark.take(again);
  }

  return {
    hungry: () => hungry,
    plenty: () => plenty,
    looking() {
      hungry = false;
      unheeded = 0;
    },
    rest: () => lookAt - monotonicNow(),
    hurry() {
      hungry = true;
      trust.hinted();
      // No place is free to look for: each hint only costs its sender.
      if (++unheeded >= manyInARow) idleMark.drop();
      lookAt = Number.NEGATIVE_INFINITY;
      pauseMs = 0;
    },
    foundMore(jobs, asked) {
      plenty = jobs >= asked;
      if (jobs > 0) hungry = true;
    },
    found(jobs, asked) {
      const filled = jobs !== undefined && jobs >= asked;
      plenty = filled;
      if (jobs !== undefined) noteIdleness(jobs, filled);
      if (jobs !== 0) hungry = true;
      const longest = idleMark.relied() ? pollMs * relaxation : pollMs;
      pauseMs = hungry ? 0 : Math.min(Math.max(pauseMs * 2, firstPollMs), longest);
      const some = jobs !== undefined && jobs > 0 && !filled;
      lookAt = monotonicNow() + (some ? gatherMs : pauseMs);
    },
  };
}
