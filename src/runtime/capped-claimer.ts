import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { AttemptRunner } from "./attempt-runner.ts";
import type { CappedCatch, CappedQueues } from "./capped-queues.ts";
import { createFloorKeeper, type FloorKeeper } from "./claim-floors.ts";
import { relaxation } from "./claim-pace.ts";
import type { Claims } from "./claims.ts";
import type { IdleMark } from "./idle-mark.ts";
import type { Slots, WantedPlace } from "./slots.ts";
import type { Starter } from "./start-jobs.ts";

/** What claiming from capped queues works with. */
export interface CappedClaimerParts {
  readonly logger: Logger;
  readonly capped: CappedQueues;
  readonly slots: Slots;
  readonly reserve: Claims["reserve"];
  readonly starter: Starter;
  readonly runner: Pick<AttemptRunner, "release">;
  /** Of handlers that run jobs one by one. */
  readonly handlers: () => Readonly<Record<string, number>>;
  readonly pollMs: number;
  readonly idleMark: IdleMark;
}

/** Claims from the queues that have a `maxRunning`. */
export interface CappedClaimer extends Periodic {
  /** Places may be free that were not. */
  placesChanged(): void;
}

/** What a look in one queue came to; `blocked`: there was no place to run a job in. */
type Look = CappedCatch["next"] | "blocked";

const firstPauseMs = 25;
/** Others end their jobs without a word: so long a worker that may not take more waits at most before it looks again. */
export const refusedMs = 500;
const busyMs = 5;

/**
 * Looks in one such queue after the other: at once while there are more jobs, at growing pauses while this worker may not take more,
 * or finds none, and when a job of such a queue has ended here.
 */
export function startCappedClaimer(parts: CappedClaimerParts): CappedClaimer {
  const { slots, capped } = parts;
  const ending = new AbortController();
  const lines = createLines(parts, ending.signal);
  const pauses = createPauses(parts);

  async function look(): Promise<number> {
    const served = Object.keys(parts.handlers()).length === 0 ? [] : slots.queues();
    const queues = served.filter(capped.has);
    lines.keep(queues);
    const looks: Look[] = [];
    for (const queue of queues) looks.push(await lines.of(queue).look());
    // With no other queue, nobody else says that the worker waits, or that it does not.
    if (looks.length > 0 && queues.length === served.length) mark(looks);
    return pauses.after(looks);
  }

  function mark(looks: readonly Look[]): void {
    if (looks.every((each) => each === "none")) parts.idleMark.take(wake);
    // Somebody else's claim says nothing of the work there is.
    else if (!looks.includes("busy")) parts.idleMark.drop();
  }

  function wake(): void {
    for (const line of lines.all()) line.hurry();
    pauses.shorten();
    periodic.wake();
  }

  const periodic = startPeriodic({ name: "capped claim", logger: parts.logger, run: look });
  return {
    wake,
    placesChanged() {
      if (!lines.all().some((line) => line.mayGoOn())) return;
      pauses.shorten();
      periodic.wake();
    },
    async stop() {
      ending.abort();
      await periodic.stop();
      lines.keep([]);
    },
  };
}

/** The lines of the queues that are looked in. */
function createLines(parts: CappedClaimerParts, ending: AbortSignal) {
  const lines = new Map<string, Line>();
  return {
    all: () => [...lines.values()],
    of(queue: string): Line {
      const line = lines.get(queue) ?? createLine(queue, parts, ending);
      lines.set(queue, line);
      return line;
    },
    /** Ends the others: what is claimed in another way from now on, or not at all, needs no place kept for it. */
    keep(queues: readonly string[]): void {
      for (const [queue, line] of lines) {
        if (queues.includes(queue)) continue;
        lines.delete(queue);
        line.end();
      }
    },
  };
}

/** How long to wait until the next look. */
function createPauses({ pollMs, idleMark }: Pick<CappedClaimerParts, "pollMs" | "idleMark">) {
  let pauseMs = 0;

  function longer(longest: number): number {
    pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longest);
    return pauseMs;
  }

  return {
    shorten() {
      pauseMs = 0;
    },
    after(looks: readonly Look[]): number {
      if (looks.includes("more")) return 0;
      if (looks.includes("busy")) return busyMs * (1 + 3 * Math.random());
      if (looks.includes("refused")) return longer(refusedMs);
      if (looks.includes("blocked")) return pollMs;
      return longer(idleMark.relied() ? pollMs * relaxation : pollMs);
    },
  };
}

type KeptPlaces = NonNullable<ReturnType<Claims["reserve"]>>;

/** Looking in one queue. */
interface Line {
  look(): Promise<Look>;
  /** There may be jobs, whatever the last look found. */
  hurry(): void;
  /** True when something has changed here that kept it from taking more. */
  mayGoOn(): boolean;
  end(): void;
}

function createLine(queue: string, parts: CappedClaimerParts, ending: AbortSignal): Line {
  const { slots, starter, capped } = parts;
  const floors: FloorKeeper = createFloorKeeper();
  const place = createWish(queue, slots);
  let last: Look = "none";
  /** How many of its jobs ran here, or were about to, after the last look. */
  let ran = 0;
  let hungry = true;

  const running = (): number =>
    slots.taken(queue) + starter.beginning().filter((each) => each === queue).length;

  /** Keeps what places are free; with none it is to be the next that gets one. */
  function keepPlaces(): KeptPlaces | undefined {
    if (starter.stalled() || ending.aborted) return undefined;
    const kept = parts.reserve(queue, starter.beginning(), place.wanted());
    if (kept === undefined && hungry && running() < slots.placesOf(queue)) place.want();
    return kept;
  }

  async function fill(kept: KeptPlaces): Promise<Look> {
    try {
      const handlers = parts.handlers();
      const found = await capped.claim({ queue, limit: kept.limit, handlers, floors });
      hungry = found.next !== "none";
      await start(found.jobs, parts, ending);
      return found.next;
    } finally {
      kept.free();
      place.giveUp();
    }
  }

  return {
    async look() {
      const kept = keepPlaces();
      // Said before anything is waited for: whoever gives a place back looks at it.
      last = kept === undefined ? "blocked" : "busy";
      if (kept !== undefined) last = await fill(kept);
      ran = running();
      return last;
    },
    hurry() {
      hungry = true;
    },
    mayGoOn: () => last === "blocked" || (last === "refused" && running() < ran),
    end: place.giveUp,
  };
}

/** What comes after the end of claiming is given back. */
async function start(
  jobs: readonly ClaimedJob[],
  { starter, runner }: CappedClaimerParts,
  ending: AbortSignal,
): Promise<void> {
  if (ending.aborted) await Promise.all(jobs.map((job) => runner.release(job)));
  else starter.start(jobs);
}

/** The wish for a place while other queues would take every one that comes free. */
function createWish(queue: string, slots: Slots) {
  let wanted: WantedPlace | undefined;
  return {
    wanted: () => wanted,
    want(): void {
      wanted ??= slots.want(queue);
    },
    giveUp(): void {
      wanted?.free();
      wanted = undefined;
    },
  };
}
