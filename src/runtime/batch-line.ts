import type { BatchHandler } from "../core/batch.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import { groupBatches } from "../core/group-batches.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import { createBatchGatherer, type GathererParts } from "./batch-gatherer.ts";
import { type BatchPlaceParts, createBatchPlace } from "./batch-place.ts";
import type { BatchRunner } from "./batch-runner.ts";
import { refusedMs } from "./capped-claimer.ts";
import { relaxation } from "./claim-pace.ts";
import type { IdleMark } from "./idle-mark.ts";
import type { Starter } from "./start-jobs.ts";

/** What a line of batches works with. */
export interface BatchLineParts extends GathererParts, BatchPlaceParts {
  /** The handlers of jobs that run one by one; with none, nobody else says that the worker waits. */
  readonly handlers: () => Readonly<Record<string, number>>;
  readonly pollMs: number;
  readonly idleMark: IdleMark;
  readonly runner: BatchRunner;
  readonly release: (job: ClaimedJob) => Promise<void>;
  /** Starts what has to run with nothing beside it, or is of another kind. */
  readonly starter: Pick<Starter, "start" | "stalled">;
}

/** Claims the jobs of one definition and runs them many at a time. */
export interface BatchLine extends Periodic {
  /** Places may be free that were not. */
  placesChanged(): void;
}

/**
 * Starts the line of one handler. Each batch takes one place of the worker, which it asks for before it claims, so that claims
 * are never for more jobs than there is a place to run them in; no more than `concurrent` run at once.
 */
export function startBatchLine(handler: BatchHandler<never>, parts: BatchLineParts): BatchLine {
  const { starter, pollMs } = parts;
  const gatherer = createBatchGatherer(handler, parts);
  const place = createBatchPlace(handler, parts);
  const pause = createPause(parts);
  const waiting: (readonly ClaimedJob[])[] = [];
  const line = { running: 0, blocked: false, ended: false };

  async function look(): Promise<number> {
    line.blocked = false;
    // Whatever is in the way wakes this chore when it is over.
    if (line.running >= handler.plan.concurrent) return pollMs;
    const queues = place.openQueues(waiting[0]?.[0]?.queue);
    if (queues.length > 0 && waiting.length === 0) {
      waiting.push(...sortOut(await gatherer.gather(queues), handler, starter));
    }
    // A claim takes time, and others may have come in between.
    line.blocked = queues.length === 0 || (waiting.length > 0 && isTaken(parts));
    if (line.blocked || line.ended) return pollMs;
    place.giveUp();
    const batch = waiting.shift();
    if (batch === undefined) return pause.longer(() => periodic.wake(), gatherer.refused());
    void run(batch);
    return pause.none();
  }

  async function run(batch: readonly ClaimedJob[]): Promise<void> {
    line.running += 1;
    await parts.runner.run(handler, batch);
    line.running -= 1;
    periodic.wake();
  }

  const periodic = startPeriodic({ name: "batch claim", logger: parts.logger, run: look });
  return {
    wake() {
      pause.none();
      gatherer.hurry();
      periodic.wake();
    },
    placesChanged: () => line.blocked && periodic.wake(),
    async stop() {
      line.ended = true;
      gatherer.stop();
      await periodic.stop();
      place.giveUp();
      await Promise.all(waiting.flat().map((job) => parts.release(job)));
    },
  };
}

function isTaken({ slots, starter }: BatchLineParts): boolean {
  return slots.full() || starter.stalled();
}

/**
 * Puts claimed jobs together. Those whose process died run with nothing beside them, and a claim whose answer was lost may have
 * brought other kinds: both go the way of single jobs.
 */
function sortOut(
  jobs: readonly ClaimedJob[],
  { definition, plan }: BatchHandler<never>,
  starter: Pick<Starter, "start">,
): readonly (readonly ClaimedJob[])[] {
  const isSingle = (job: ClaimedJob) => job.crashes > 0 || job.name !== definition.name;
  starter.start(jobs.filter(isSingle));
  return groupBatches(
    jobs.filter((job) => !isSingle(job)),
    plan.size,
  );
}

const firstPollMs = 25;

/** The pauses between looks that find nothing: they grow to the poll floor, and beyond it while hints can be relied on. */
function createPause({ handlers, idleMark, pollMs }: BatchLineParts) {
  let ms = 0;
  return {
    none(): number {
      ms = 0;
      return ms;
    },
    longer(again: () => void, refused: boolean): number {
      if (Object.keys(handlers()).length === 0) idleMark.take(again);
      const longest = idleMark.relied() ? pollMs * relaxation : pollMs;
      ms = Math.min(Math.max(ms * 2, firstPollMs), refused ? refusedMs : longest);
      return ms;
    },
  };
}
