import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { LimitWarnings } from "../service/limit-warnings.ts";
import type { AdmitAnswer, AdmitStore } from "../storage/contract/admit.ts";

/** Lets blocked jobs in after this process has committed something that concerns their gates. */
export interface Admitter {
  /** Asks for it, and waits for nothing. */
  admit(gates: Iterable<string>): void;
  /** Resolves when all that was asked for has been tried. */
  idle(): Promise<void>;
}

/** What an admitter works with, and whom it tells. */
export interface AdmitterParts {
  readonly storage: Pick<AdmitStore, "admitJobs">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limitWarnings: LimitWarnings;
  /** These queues got work. */
  readonly filled: (queues: readonly string[]) => void;
  /** A rate lets the next one through at this moment. */
  readonly refills: (at: number) => void;
}

/** In one call: each is locked for as long as it takes. */
const mostGates = 100;
/** Somebody else was at a gate, and may have looked before our commit: it is worth asking again, for a quarter of a second. */
const mostTries = 7;

/**
 * One call at a time; gates named meanwhile go together in the next, so that every commit is followed by a call that began
 * after it. What fails or stays locked is left to the pass of the workers.
 */
export function createAdmitter(parts: AdmitterParts): Admitter {
  /** Each with how often it was asked for in vain. */
  const named = new Map<string, number>();
  const pauses = new Set<Promise<void>>();
  let asking: Promise<void> | undefined;

  function name(gates: Iterable<string>, tries: number): void {
    for (const gate of gates) named.set(gate, tries);
    if (named.size > 0) asking ??= ask();
  }

  /** Others are not held up meanwhile. */
  function nameLater(gates: readonly string[], tries: number): void {
    if (tries > mostTries) return;
    const pause = sleep(2 ** tries).then(() => {
      pauses.delete(pause);
      name(
        gates.filter((gate) => !named.has(gate)),
        tries,
      );
    });
    pauses.add(pause);
  }

  async function ask(): Promise<void> {
    while (named.size > 0) {
      const batch = [...named].slice(0, mostGates);
      const gates = batch.map(([gate]) => gate);
      for (const gate of gates) named.delete(gate);
      const answer = await admitOnce(gates, parts);
      if (answer?.more !== true) continue;
      if (answer.rows > 0) name(gates, 0);
      else nameLater(gates, Math.max(...batch.map(([, tries]) => tries)) + 1);
    }
    asking = undefined;
  }

  return {
    admit: (gates) => name(gates, 0),
    async idle() {
      while (asking !== undefined || pauses.size > 0) await Promise.all([asking, ...pauses]);
    },
  };
}

async function admitOnce(
  gates: readonly string[],
  { storage, clock, logger, limitWarnings, filled, refills }: AdmitterParts,
): Promise<AdmitAnswer | undefined> {
  try {
    const answer = await storage.admitJobs(gates, clock.now());
    if (answer.queues.length > 0) filled(answer.queues);
    if (answer.nextAt !== null) refills(answer.nextAt);
    for (const scope of answer.undeclared) limitWarnings.undeclared(scope);
    return answer;
  } catch (error) {
    logger.debug({ error, gates: gates.length }, "could not let waiting jobs in; a pass will");
    return undefined;
  }
}
