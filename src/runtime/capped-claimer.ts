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
  const lines = new Map<string, Line>();
  const ending = new AbortController();
  let pauseMs = 0;

  function lineOf(queue: string): Line {
    const known = lines.get(queue);
    if (known !== undefined) return known;
    const line = createLine(queue, parts, ending.signal);
    lines.set(queue, line);
    return line;
  }

  async function look(): Promise<number> {
    const queues = slots.queues().filter(capped.has);
    const plain = queues.length < slots.queues().length;
    const looks: Look[] = [];
    if (Object.keys(parts.handlers()).length > 0) {
      for (const queue of queues) looks.push(await lineOf(queue).look());
    }
    if (looks.includes("more")) return rest(0);
    if (looks.includes("busy")) return rest(busyMs * (1 + 3 * Math.random()), pauseMs);
    if (looks.includes("refused")) return rest(longer(refusedMs));
    if (looks.includes("blocked")) return rest(parts.pollMs);
    // With no other queue, nobody else says that the worker waits.
    if (!plain && looks.length > 0) parts.idleMark.take(wake);
    return rest(longer(parts.idleMark.relied() ? parts.pollMs * relaxation : parts.pollMs));
  }

  function rest(ms: number, next = ms): number {
    pauseMs = next;
    return ms;
  }

  const longer = (longest: number): number =>
    Math.min(Math.max(pauseMs * 2, firstPauseMs), longest);

  function wake(): void {
    pauseMs = 0;
    for (const line of lines.values()) line.hurry();
    periodic.wake();
  }

  const periodic = startPeriodic({ name: "capped claim", logger: parts.logger, run: look });
  return {
    wake,
    placesChanged() {
      if (![...lines.values()].some((line) => line.mayGoOn())) return;
      pauseMs = 0;
      periodic.wake();
    },
    async stop() {
      ending.abort();
      await periodic.stop();
      for (const line of lines.values()) line.end();
    },
  };
}

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
  const { slots, starter, runner, capped } = parts;
  const floors: FloorKeeper = createFloorKeeper();
  let last: Look = "none";
  /** How many of its jobs ran here, or were about to, after the last look. */
  let ran = 0;
  let hungry = true;
  let wanted: WantedPlace | undefined;

  function giveUp(): void {
    wanted?.free();
    wanted = undefined;
  }

  const running = (): number =>
    slots.taken(queue) + starter.beginning().filter((each) => each === queue).length;

  async function look(): Promise<Look> {
    if (starter.stalled() || ending.aborted) return "blocked";
    const place = parts.reserve(queue, starter.beginning(), wanted);
    if (place === undefined) {
      // Other queues would take every place that comes free.
      if (hungry && running() < slots.placesOf(queue)) wanted ??= slots.want(queue);
      return "blocked";
    }
    try {
      const handlers = parts.handlers();
      const found = await capped.claim({ queue, limit: place.limit, handlers, floors });
      hungry = found.next !== "none";
      if (ending.aborted) await Promise.all(found.jobs.map((job) => runner.release(job)));
      else starter.start(found.jobs);
      return found.next;
    } finally {
      place.free();
      giveUp();
    }
  }

  return {
    async look() {
      last = "busy";
      last = await look();
      ran = running();
      return last;
    },
    hurry() {
      hungry = true;
    },
    mayGoOn: () => last === "blocked" || (last === "refused" && running() < ran),
    end: giveUp,
  };
}
