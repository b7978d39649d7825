import type { BatchHandler } from "../core/batch.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import { groupBatches } from "../core/group-batches.ts";
import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import { createBatchGatherer } from "./batch-gatherer.ts";
import type { BatchRunner } from "./batch-runner.ts";
import { relaxation } from "./claim-pace.ts";
import type { IdleMark } from "./idle-mark.ts";
import type { Expected, Slots, WantedPlace } from "./slots.ts";
import type { Starter } from "./start-jobs.ts";

/** What a line of batches works with. */
export interface BatchLineParts {
  readonly storage: ClaimStore;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  /** The handlers of jobs that run one by one; with none, nobody else says that the worker waits. */
  readonly handlers: Readonly<Record<string, number>>;
  readonly pollMs: number;
  readonly idleMark: IdleMark;
  readonly runner: BatchRunner;
  readonly release: (job: ClaimedJob) => Promise<void>;
  /** Starts what has to run with nothing beside it, or is of another kind. */
  readonly starter: Pick<Starter, "start" | "stalled">;
  /** What else is about to take places. */
  readonly expected: () => Expected;
  readonly onClaimed: () => void;
}

/** Claims the jobs of one definition and runs them many at a time. */
export interface BatchLine extends Periodic {
  /** Places may be free that were not. */
  placesChanged(): void;
}

const firstPollMs = 25;

/**
 * Starts the line of one handler. Each batch takes one place of the worker, which it asks for before it claims, so that claims
 * are never for more jobs than there is a place to run them in; no more than `concurrent` run at once.
 */
export function startBatchLine(handler: BatchHandler<never>, parts: BatchLineParts): BatchLine {
  const { slots, starter, pollMs, idleMark } = parts;
  const gatherer = createBatchGatherer(handler, parts);
  const waiting: (readonly ClaimedJob[])[] = [];
  const alone = Object.keys(parts.handlers).length === 0;
  let running = 0;
  let wanted: WantedPlace | undefined;
  let blocked = false;
  let ended = false;
  let pauseMs = 0;

  async function look(): Promise<number> {
    // Whatever is in the way wakes this chore when it is over.
    blocked = false;
    if (running >= handler.plan.concurrent) return pollMs;
    wanted ??= slots.wantBatch();
    const queues = openQueues(wanted);
    if (queues.length === 0) return wait();
    if (waiting.length === 0) take(await gatherer.gather(queues));
    if (waiting.length > 0 && (slots.full() || starter.stalled())) return wait();
    return ended ? 0 : begin();
  }

  function wait(): number {
    blocked = true;
    return pollMs;
  }

  /** Where there is room for a batch; the definition's own queue must be among them, if it is served. */
  function openQueues(place: WantedPlace): readonly string[] {
    const { limit, queues } = place.room(parts.expected());
    if (limit < 1 || starter.stalled()) return [];
    const open = queues.map(({ queue }) => queue);
    const own = handler.definition.queue ?? defaults.queue;
    return slots.serves(own) && !open.includes(own) ? [] : open;
  }

  /** A job whose process died runs with nothing beside it, and a claim whose answer was lost may have brought other kinds. */
  function take(jobs: readonly ClaimedJob[]): void {
    const { name } = handler.definition;
    const others = jobs.filter((job) => job.crashes > 0 || job.name !== name);
    starter.start(others);
    const own = jobs.filter((job) => !others.includes(job));
    waiting.push(...groupBatches(own, handler.plan.size));
  }

  function begin(): number {
    wanted?.free();
    wanted = undefined;
    const batch = waiting.shift();
    if (batch === undefined) return rest();
    pauseMs = 0;
    running += 1;
    void parts.runner.run(handler, batch).finally(() => {
      running -= 1;
      periodic.wake();
    });
    return 0;
  }

  function rest(): number {
    if (alone) idleMark.take(() => periodic.wake());
    const longest = idleMark.relied() ? pollMs * relaxation : pollMs;
    pauseMs = Math.min(Math.max(pauseMs * 2, firstPollMs), longest);
    return pauseMs;
  }

  const periodic = startPeriodic({ name: "batch claim", logger: parts.logger, run: look });
  return {
    wake() {
      pauseMs = 0;
      gatherer.hurry();
      periodic.wake();
    },
    placesChanged() {
      if (blocked) periodic.wake();
    },
    async stop() {
      ended = true;
      gatherer.stop();
      await periodic.stop();
      wanted?.free();
      await Promise.all(waiting.flat().map((job) => parts.release(job)));
    },
  };
}
