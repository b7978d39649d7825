import type { ClaimFloors } from "../storage/contract/claim.ts";

/** Where claims begin in each queue and priority, so that none walks past what earlier ones have taken. */
export interface FloorKeeper {
  /** The floors for the next claim: none when it is time to sweep from the start, where late commits and returned jobs lie. */
  next(now: number): ClaimFloors;
  /** The floors known, for a claim that is no sweep; none are known before the first. */
  known(): ClaimFloors;
  /** Takes in what a claim saw; `tookMs` is its time, which sets the pause to the next sweep when it was one. */
  saw(
    claim: { readonly floors: ClaimFloors; readonly jobs: number; readonly swept: boolean },
    tookMs: number,
    now: number,
  ): void;
}

/** Floors trail behind the newest claims by this much, so that enqueues that commit out of order are not passed over. */
const trailMs = 100;
const trailJobs = 500;

/** A sweep takes a twentieth of the time at most, and as long as it is bearable one comes this often. */
const sweepShare = 20;
const longestPauseMs = 1_500;
const bearableMs = 150;

const nothing: ClaimFloors = {};

/** A keeper that knows no floor yet. Times are milliseconds of one monotonic clock. */
export function createFloorKeeper(): FloorKeeper {
  let older: ClaimFloors = nothing;
  let newer: ClaimFloors = nothing;
  let turnedAt = Number.NEGATIVE_INFINITY;
  let jobsSince = 0;
  let sweepAt = Number.NEGATIVE_INFINITY;
  let lastSweepMs = Number.POSITIVE_INFINITY;

  function turn(now: number): void {
    older = merge(older, newer, (_known, seen) => seen);
    newer = nothing;
    turnedAt = now;
    jobsSince = 0;
  }

  return {
    next: (now) => (now >= sweepAt ? nothing : merge(older, newer, Math.min)),
    known: () => merge(older, newer, Math.min),
    saw({ floors, jobs, swept }, tookMs, now) {
      newer = merge(newer, floors, Math.min);
      jobsSince += jobs;
      if (jobsSince >= trailJobs || now - turnedAt >= trailMs) turn(now);
      if (!swept) return;
      // One slow answer says little; two in a row say that sweeps are dear.
      sweepAt = now + pauseAfter(Math.min(tookMs, lastSweepMs));
      lastSweepMs = tookMs;
    },
  };
}

/** Dear sweeps come seldom, and late commits are found the later for it. */
function pauseAfter(sweepMs: number): number {
  if (sweepMs <= bearableMs) return Math.min(sweepMs * sweepShare, longestPauseMs);
  return (sweepMs * sweepShare) / 2;
}

function merge(
  known: ClaimFloors,
  seen: ClaimFloors,
  choose: (known: number, seen: number) => number,
): ClaimFloors {
  if (seen === nothing) return known;
  if (known === nothing) return seen;
  const merged: Record<string, Record<number, number>> = {};
  for (const [queue, lanes] of Object.entries(known)) merged[queue] = { ...lanes };
  for (const [queue, lanes] of Object.entries(seen)) {
    const target = (merged[queue] ??= {});
    for (const [priority, seq] of Object.entries(lanes)) {
      const before = target[Number(priority)];
      target[Number(priority)] = before === undefined ? seq : choose(before, seq);
    }
  }
  return merged;
}
