import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { ClaimAnswer, ClaimRequest, ClaimStore } from "../storage/contract/claim.ts";
import { type ClaimPace, createClaimPace } from "./claim-pace.ts";
import { type Claims, type ClaimsParts, createClaims } from "./claims.ts";
import type { IdleMark } from "./idle-mark.ts";
import type { Expected } from "./slots.ts";
import { createStarter, type Starter, type StartOptions, type StartParts } from "./start-jobs.ts";
import type { TurnPartner } from "./turn-partner.ts";

/** What the claimer works with. */
export interface ClaimerParts extends Omit<ClaimsParts, "pace">, StartParts {
  readonly storage: Pick<ClaimStore, "claimJobs" | "startJobs">;
  readonly pollMs: number;
  readonly idleMark: IdleMark;
  /** Places may be free that were not. */
  readonly onPlaces: () => void;
}

/** Claims jobs by itself, and together with settlements that give places back. */
export interface Claimer extends Periodic, TurnPartner {
  readonly starter: Starter;
  readonly reserve: Claims["reserve"];
  /** Places may be free that were not. */
  placesChanged(): void;
  /** What its claims and jobs to begin are about to take. */
  expected(): Expected;
}

/**
 * Claims as many jobs as there are free places, and looks again while there are more, when a wakeup arrives, and at
 * growing pauses up to the poll floor. One such claim is under way at a time, and one turn's beside it.
 */
export function startClaimer(parts: ClaimerParts): Claimer {
  const { storage, pollMs, idleMark } = parts;
  const pace = createClaimPace({ pollMs, idleMark, again: wake });
  const ending = new AbortController();
  const { claims, starter, begin, ended } = openClaims(parts, pace, {
    ending: ending.signal,
    onBegun: () => periodic.wake(),
  });

  function wake(): void {
    pace.hurry();
    periodic.wake();
  }

  async function look(): Promise<number> {
    const request = pace.rest() > 0 ? undefined : begin();
    // Whatever keeps this from claiming now wakes this chore when it is over.
    if (request === undefined) return pace.rest() > 0 ? pace.rest() : pollMs;
    await claimAlone(storage, request, ended);
    return Math.max(0, pace.rest());
  }

  function placesChanged(): void {
    if (pace.hungry()) periodic.wake();
  }

  const periodic = startPeriodic({ name: "claim", logger: parts.logger, run: look });
  parts.slots.onFreed(() => {
    placesChanged();
    parts.onPlaces();
  });
  return {
    wake,
    starter,
    reserve: claims.reserve,
    placesChanged,
    expected: () => ({ beginning: starter.beginning(), promised: claims.promised() }),
    async stop() {
      ending.abort();
      await Promise.all([periodic.stop(), claims.ended()]);
      await starter.begun();
    },
    joinTurn: (leaving) => (pace.hungry() || pace.plenty() ? begin(leaving) : undefined),
    landed(request, answer) {
      ended(request, answer);
      periodic.wake();
    },
  };
}

/** The claims of one claimer, and the start of what they bring. */
function openClaims(parts: ClaimerParts, pace: ClaimPace, { ending, onBegun }: StartOptions) {
  const claims = createClaims({ ...parts, pace });
  const starter = createStarter(parts, {
    ending,
    onBegun() {
      onBegun();
      parts.onPlaces();
    },
  });
  return {
    claims,
    starter,
    begin(leaving: readonly string[] = []): ClaimRequest | undefined {
      if (starter.stalled() || ending.aborted) return undefined;
      return claims.begin({ leaving, beginning: starter.beginning() });
    },
    ended(request: ClaimRequest, answer: ClaimAnswer | undefined): void {
      claims.end(request, answer);
      starter.start(answer?.jobs ?? []);
      parts.onPlaces();
    },
  };
}

type Ended = (request: ClaimRequest, answer: ClaimAnswer | undefined) => void;

async function claimAlone(
  storage: Pick<ClaimStore, "claimJobs">,
  request: ClaimRequest,
  ended: Ended,
): Promise<void> {
  try {
    ended(request, await storage.claimJobs(request));
  } catch (error) {
    ended(request, undefined);
    throw error;
  }
}
