import type { Client } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { createRegistry, type Registry } from "../core/registry.ts";
import type { Route } from "../core/router.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { createBookings } from "../service/bookings.ts";
import { attachEngine } from "../service/engine.ts";
import { createJobLog, type JobLog } from "../service/job-log.ts";
import { createLimitWarnings, type LimitWarnings } from "../service/limit-warnings.ts";
import { withTelemetry } from "../service/observed-storage.ts";
import { createOperationRunner, type OperationRunner } from "../service/operation-work.ts";
import { createScopeBook, type ScopeBook } from "../service/scope-book.ts";
import { createTransactionGuard, type TransactionMode } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { createAdmitter } from "./admitter.ts";
import { createAudit, createAuditor } from "./audit.ts";
import { examine } from "./doctor.ts";
import { createEnqueue, createEnqueueWay } from "./enqueue.ts";
import { createGate, type Gate } from "./gate.ts";
import { type HintingStorage, withHints } from "./hinting-storage.ts";
import { createHandle } from "./job-handle.ts";
import { createHandles } from "./job-handles.ts";
import { createJobs } from "./jobs.ts";
import { createLimits } from "./limits.ts";
import { createOperations } from "./operations.ts";
import { createQueues } from "./queues.ts";
import { createSchedules } from "./schedules.ts";
import { createScoped } from "./scoped.ts";
import { createStats } from "./stats.ts";
import { createTransactions } from "./transactions.ts";
import { createWaiter } from "./waiter.ts";
import { createMaintenance, createWorkers } from "./workers.ts";

/** What a client is made of. */
export interface ClientParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly route: Route;
  readonly telemetry?: Telemetry | undefined;
  /** Default `"strict"`. */
  readonly transactions?: TransactionMode | undefined;
  /** Gives up what was opened for this client. */
  release(): Promise<void>;
}

/** Puts a client together from an open storage; every method is one call deep. */
export function assembleClient(parts: ClientParts): Client {
  const { clock, logger, route, telemetry } = parts;
  const guard = createTransactionGuard(parts.transactions);
  const gate = createGate(guard);
  const waiter = createWaiter(parts.storage);
  const limitWarnings = createLimitWarnings(logger);
  const { admitter, storage, ...booked } = followCommits(parts, limitWarnings, waiter.poke);
  const registry = createRegistry();
  const scopes = createScopeBook(storage, logger);
  const jobLog = createJobLog({ storage, logger });
  const runner = createOperationRunner({ storage, clock, logger });
  const lent = { storage, clock, route, gate, guard, registry, scopes, telemetry };
  const way = createEnqueueWay(lent);
  let closing: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    waiter.close();
    await gate.close();
    await runner.stop();
    await jobLog.flush();
    await admitter.idle();
    await storage.hinted();
    await parts.release();
  }

  const client: Client = {
    ...createEnqueue(way, {}),
    ...createTransactions(storage, guard, gate),
    handle: (id) => createHandle({ storage, gate, waiter, telemetry }, id),
    handles: (ids) => createHandles({ gate, waiter, telemetry }, ids),
    clock,
    ...operatorDoors({ ...lent, logger, limitWarnings, runner, jobLog }),
    scoped: createScoped(way, () => client),
    define: (definition) => registry.add(definition),
    async close() {
      guard.refuseInside("client.close");
      closing ??= shutDown();
      return closing;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
  const steady = { storage, clock, logger, registry, guard, scopes, limitWarnings, jobLog, route };
  return attachEngine(client, { ...steady, ...booked, telemetry });
}

/** What is lent to those who look at jobs and steer them. */
interface DoorParts extends Pick<ClientParts, "clock" | "logger" | "route"> {
  readonly storage: HintingStorage;
  readonly gate: Gate;
  readonly registry: Registry;
  readonly scopes: ScopeBook;
  readonly limitWarnings: LimitWarnings;
  readonly runner: OperationRunner;
  readonly jobLog: JobLog;
  readonly telemetry: Telemetry | undefined;
}

/** The client's parts for operators. */
function operatorDoors({ storage, clock, logger, gate, ...parts }: DoorParts) {
  const { registry, route, scopes, limitWarnings, runner, jobLog, telemetry } = parts;
  const audit = createAuditor(storage, clock, logger);
  return {
    jobs: createJobs({ storage, clock, gate, audit, registry, telemetry, jobLog }),
    queues: createQueues({ storage, clock, gate, audit }),
    workers: createWorkers({ storage, gate, audit }),
    maintenance: createMaintenance(storage, gate),
    limits: createLimits({ storage, clock, gate, audit, limitWarnings }),
    stats: createStats({ storage, clock, gate }),
    operations: createOperations({ storage, clock, gate, runner }),
    audit: createAudit(storage, gate),
    schedules: createSchedules({ storage, clock, registry, route, gate, scopes, audit }),
    doctor: (options) =>
      gate.pass("client.doctor", () =>
        examine({ storage, now: () => clock.now(), call: "client.doctor" }, options),
      ),
  } satisfies Partial<Client>;
}

/** The storage, and who hears of what this client's commits change. */
function followCommits(
  { storage: given, clock, logger, telemetry }: ClientParts,
  limitWarnings: LimitWarnings,
  finished: (ids: readonly string[]) => void,
) {
  const driver = telemetry === undefined ? given : withTelemetry(given, telemetry);
  const bookings = createBookings();
  const refills = createBookings();
  const ticks = createBookings();
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
    ticking: ticks.add,
    gated: admitter.admit,
  });
  return { bookings, refills, ticks, admitter, storage };
}
