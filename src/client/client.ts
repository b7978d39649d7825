import { kindOf } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createRegistry } from "../core/registry.ts";
import type { Route } from "../core/router.ts";
import type { Transaction } from "../core/transaction.ts";
import { createBookings } from "../service/bookings.ts";
import { attachEngine } from "../service/engine.ts";
import { createLimitWarnings, type LimitWarnings } from "../service/limit-warnings.ts";
import { createScopeBook } from "../service/scope-book.ts";
import { createTransactionGuard } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { createAdmitter } from "./admitter.ts";
import { examine } from "./doctor.ts";
import { createEnqueue } from "./enqueue.ts";
import { createGate } from "./gate.ts";
import { type HintingStorage, withHints } from "./hinting-storage.ts";
import { createHandle } from "./job-handle.ts";
import { createHandles } from "./job-handles.ts";
import { createJobs } from "./jobs.ts";
import { createLimits } from "./limits.ts";
import { createQueues } from "./queues.ts";
import { createWaiter } from "./waiter.ts";
import { createMaintenance, createWorkers } from "./workers.ts";

/** What a client is made of. */
export interface ClientParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly route: Route;
  /** Gives up what was opened for this client. */
  release(): Promise<void>;
}

/** Puts a client together from an open storage; every method is one call deep. */
export function assembleClient(parts: ClientParts): Client {
  const { clock, logger, route } = parts;
  const guard = createTransactionGuard();
  const gate = createGate(guard);
  const waiter = createWaiter(parts.storage);
  const limitWarnings = createLimitWarnings(logger);
  const { bookings, refills, admitter, storage } = followCommits(parts, limitWarnings, waiter.poke);
  const registry = createRegistry();
  const scopes = createScopeBook(storage, logger);
  let closing: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    waiter.close();
    await gate.close();
    await admitter.idle();
    await storage.hinted();
    await parts.release();
  }

  const client: Client = {
    ...createEnqueue({ storage, clock, registry, route, gate, scopes }),
    transaction: (fn) =>
      gate.pass("client.transaction", async () => {
        checkFunction(fn);
        return storage.transact((tx) => guard.inside(async () => fn(tx)));
      }),
    handle: (id) => createHandle({ storage, gate, waiter }, id),
    handles: (ids) => createHandles({ gate, waiter }, ids),
    clock,
    jobs: createJobs({ storage, clock, gate, registry }),
    queues: createQueues(storage, clock, gate),
    workers: createWorkers(storage, gate),
    maintenance: createMaintenance(storage, gate),
    limits: createLimits({ storage, clock, gate, limitWarnings }),
    doctor: (options) =>
      gate.pass("client.doctor", () => {
        return examine({ storage, now: () => clock.now(), call: "client.doctor" }, options);
      }),
    define: (definition) => registry.add(definition),
    async close() {
      guard.refuseInside("client.close");
      closing ??= shutDown();
      return closing;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
  const steady = { storage, clock, logger, registry, guard, bookings, refills };
  return attachEngine(client, { ...steady, scopes, limitWarnings, route });
}

/** The storage, and who hears of what this client's commits change. */
function followCommits(
  { storage: driver, clock, logger }: ClientParts,
  limitWarnings: LimitWarnings,
  finished: (ids: readonly string[]) => void,
) {
  const bookings = createBookings();
  const refills = createBookings();
  const admitter = createAdmitter({
    storage: driver,
    clock,
    logger,
    limitWarnings,
    // Not with the wakeups that rest between each other: the next of a lane is to start as soon as the last has ended.
    filled: (queues) => void driver.wake(queues),
    refills: refills.add,
  });
  const storage: HintingStorage = withHints(driver, {
    finished,
    booked: bookings.add,
    gated: admitter.admit,
  });
  return { bookings, refills, admitter, storage };
}

function checkFunction(fn: (tx: Transaction) => Promise<unknown>): void {
  if (typeof fn === "function") return;
  throw new HoldfastError(
    "INVALID_OPTION",
    `client.transaction takes a function of tx; got ${kindOf(fn)}.`,
  );
}
