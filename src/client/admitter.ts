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
  const named = new Set<string>();
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    let fruitless = 0;
    while (named.size > 0) {
      const gates = [...named].slice(0, mostGates);
      for (const gate of gates) named.delete(gate);
      const answer = await admitOnce(gates, parts);
      const again = answer?.more === true && fruitless < mostTries;
      fruitless = again && answer.rows === 0 ? fruitless + 1 : 0;
      if (!again) continue;
      for (const gate of gates) named.add(gate);
      if (fruitless > 0) await sleep(2 ** fruitless);
    }
    asking = undefined;
  }

  return {
    admit(gates) {
      for (const gate of gates) named.add(gate);
      if (named.size > 0) asking ??= ask();
    },
    idle: () => asking ?? Promise.resolve(),
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
