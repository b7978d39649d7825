import type { BatchHandler } from "../core/batch.ts";
import type { Route } from "../core/router.ts";
import type { Periodic } from "../service/periodic.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import { type BatchLine, startBatchLine } from "./batch-line.ts";
import type { BatchRunner } from "./batch-runner.ts";
import { startCappedClaimer } from "./capped-claimer.ts";
import type { CappedQueues } from "./capped-queues.ts";
import { type Claimer, type ClaimerParts, startClaimer } from "./claimer.ts";
import type { TurnPartner } from "./turn-partner.ts";

/** What all claiming of a session works with. */
export interface ClaimingParts extends Omit<ClaimerParts, "onPlaces"> {
  readonly storage: ClaimStore;
  readonly capped: CappedQueues;
  /** The batch handlers, as they are now. */
  readonly batches: () => readonly BatchHandler<never>[];
  readonly batchRunner: BatchRunner;
  /** The queue of a definition that names none. */
  readonly route: Route;
}

/** All claiming of a session. */
export interface Claiming extends Periodic, TurnPartner {
  /**
   * The handlers have changed: looks for jobs of new ones at once. Resolves when no more are claimed for batch handlers that are
   * gone, and what waited for them is given back.
   */
  rearrange(): Promise<void>;
  /** Hints can no longer be relied on: what looks rarely while they can, looks again. */
  unrelied(): void;
}

/** Starts claiming: jobs that run one by one through the claimer, and a line of its own for each batch handler. */
export function startClaiming(parts: ClaimingParts): Claiming {
  let onPlaces = (): void => {};
  const single = startClaimer({ ...parts, onPlaces: () => onPlaces() });
  const lines = createLines(parts, single);
  const reserve: Claimer["reserve"] = (...place) =>
    givingBack(single.reserve(...place), () => {
      single.placesChanged();
      lines.placesChanged();
    });
  const capped = startCappedClaimer({ ...parts, starter: single.starter, reserve });
  onPlaces = () => {
    lines.placesChanged();
    capped.placesChanged();
  };
  lines.rearrange();
  const { joinTurn, landed } = single;

  function wake(): void {
    single.wake();
    capped.wake();
    lines.wake();
  }

  return {
    joinTurn,
    landed,
    unrelied() {
      capped.wake();
      lines.wake();
    },
    wake,
    async rearrange() {
      lines.rearrange();
      wake();
      await lines.closed();
    },
    async stop() {
      await Promise.all([single.stop(), capped.stop(), lines.stop()]);
    },
  };
}

/** Tells of places when they are free for others again: these may have heard of jobs meanwhile, and found none to run them in. */
function givingBack(kept: ReturnType<Claimer["reserve"]>, tell: () => void): typeof kept {
  if (kept === undefined) return undefined;
  return {
    limit: kept.limit,
    free() {
      kept.free();
      tell();
    },
  };
}

/** The lines of batch handlers, which come and go with these. */
function createLines(parts: ClaimingParts, { starter, expected }: Claimer) {
  const own = { runner: parts.batchRunner, release: parts.runner.release, starter, expected };
  const lines = new Map<BatchHandler<never>, BatchLine>();
  let closing: Promise<unknown> = Promise.resolve();

  function close(gone: readonly BatchHandler<never>[]): void {
    const stopped = gone.map((handler) => lines.get(handler)?.stop());
    for (const handler of gone) lines.delete(handler);
    closing = Promise.all([closing, ...stopped]);
  }

  return {
    rearrange(): void {
      const wanted = parts.batches();
      close([...lines.keys()].filter((handler) => !wanted.includes(handler)));
      for (const handler of wanted) {
        if (!lines.has(handler)) lines.set(handler, startBatchLine(handler, { ...parts, ...own }));
      }
    },
    placesChanged(): void {
      for (const line of lines.values()) line.placesChanged();
    },
    wake(): void {
      for (const line of lines.values()) line.wake();
    },
    async closed(): Promise<void> {
      await closing;
    },
    async stop(): Promise<void> {
      close([...lines.keys()]);
      await closing;
    },
  };
}
