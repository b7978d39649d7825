import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../core/client.ts";
import { type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";

const pausesMs = [100, 300, 1_000];

/** A client's way to enqueue, patient with conflicts that pass. */
export type PatientEnqueue = Pick<Client, "enqueue" | "enqueueMany">;

/**
 * Routes `enqueue` and `enqueueMany` to the client; a transient conflict is tried again after 100 ms, 300 ms and 1 s,
 * each with a warning. Inside a transaction nothing is repeated: the conflict has ended it.
 */
export function patientEnqueue(
  client: Client,
  logger: Logger,
  guard: Pick<TransactionGuard, "ambient">,
): PatientEnqueue {
  const isInside = (given: readonly unknown[]) =>
    namesTransaction(given) || guard.ambient() !== undefined;

  function patient(
    call: (...given: never[]) => Promise<unknown>,
  ): (...given: unknown[]) => unknown {
    return async (...given) => {
      for (const pause of pausesMs) {
        try {
          return await call(...(given as never[]));
        } catch (error) {
          if (!isTransientConflict(error) || isInside(given)) throw error;
          logger.warn({ error, pause }, "enqueue met a conflict; trying again");
          await sleep(pause);
        }
      }
      return call(...(given as never[]));
    };
  }
  return {
    enqueue: patient(client.enqueue.bind(client)) as Client["enqueue"],
    enqueueMany: patient(client.enqueueMany.bind(client)) as Client["enqueueMany"],
  };
}

function isTransientConflict(error: unknown): error is HoldfastError {
  return (
    isHoldfastError(error, "STORAGE_CONFLICT") ||
    isHoldfastError(error, "STORAGE_BUSY") ||
    isHoldfastError(error, "UNIQUE_BUSY")
  );
}

/** The options come last; requests stand alone before them, a definition or name has a payload between. */
function namesTransaction(given: readonly unknown[]): boolean {
  const options = Array.isArray(given[0]) ? given[1] : given[2];
  return (
    typeof options === "object" && options !== null && "tx" in options && options.tx !== undefined
  );
}
