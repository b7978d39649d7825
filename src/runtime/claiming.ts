import type { BatchHandler } from "../core/batch.ts";
import type { Periodic } from "../service/periodic.ts";
import { type BatchLine, startBatchLine } from "./batch-line.ts";
import type { BatchRunner } from "./batch-runner.ts";
import { type ClaimerParts, startClaimer } from "./claimer.ts";
import type { TurnPartner } from "./turn-partner.ts";

/** What all claiming of a session works with. */
export interface ClaimingParts extends Omit<ClaimerParts, "onPlaces"> {
  readonly batches: readonly BatchHandler<never>[];
  readonly batchRunner: BatchRunner;
}

/** All claiming of a session. */
export interface Claiming extends Periodic, TurnPartner {
  /** Hints can no longer be relied on: what looks rarely while they can, looks again. */
  unrelied(): void;
}

/** Starts claiming: jobs that run one by one through the claimer, and a line of its own for each batch handler. */
export function startClaiming(parts: ClaimingParts): Claiming {
  let lines: readonly BatchLine[] = [];
  const single = startClaimer({
    ...parts,
    onPlaces() {
      for (const line of lines) line.placesChanged();
    },
  });
  const { starter, expected, joinTurn, landed } = single;
  const own = { runner: parts.batchRunner, release: parts.runner.release, starter, expected };
  lines = parts.batches.map((handler) => startBatchLine(handler, { ...parts, ...own }));

  function wakeLines(): void {
    for (const line of lines) line.wake();
  }

  return {
    joinTurn,
    landed,
    unrelied: wakeLines,
    wake() {
      single.wake();
      wakeLines();
    },
    async stop() {
      await Promise.all([single, ...lines].map((each) => each.stop()));
    },
  };
}
