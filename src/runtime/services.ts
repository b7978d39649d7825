import { hostname } from "node:os";
import { orderedPlaces } from "../core/orders.ts";
import { beneath } from "../integrations/transactions/beneath.ts";
import type { Periodic } from "../service/periodic.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Listening } from "../storage/contract/wakeup.ts";
import { type AttemptRunnerParts, createAttemptRunner } from "./attempt-runner.ts";
import { type BatchRunnerParts, createBatchRunner, withBatches } from "./batch-runner.ts";
import { type CappedQueues, createCappedQueues } from "./capped-queues.ts";
import { relaxation } from "./claim-pace.ts";
import { type Claiming, startClaiming } from "./claiming.ts";
import { createHeartbeat, type Heartbeat, type HeartbeatParts } from "./heartbeat.ts";
import { createIdleMark, type IdleMark } from "./idle-mark.ts";
import { jobTransaction } from "./job-transaction.ts";
import { type LeaseWatch, watchLeases } from "./lease-watch.ts";
import type { AdmissionPass } from "./maintenance/admission-pass.ts";
import { startMaintenance } from "./maintenance/maintenance.ts";
import { createPassBook, type PassBook } from "./maintenance/pass-book.ts";
import type { SessionParts } from "./session-parts.ts";
import { type OrdersParts, startOrders } from "./orders.ts";
import { createSettler } from "./settler.ts";
import type { Slots } from "./slots.ts";
import { createVitalSigns, type VitalSigns } from "./vital-signs.ts";

/** Everything that runs under one registration. */
export interface Services {
  readonly claimer: Claiming;
  readonly leases: LeaseWatch;
  readonly rescuer: Periodic;
  readonly admission: AdmissionPass;
  readonly idleMark: IdleMark;
  readonly orders: Periodic;
  readonly capped: CappedQueues;
  readonly chores: readonly Periodic[];
  readonly heartbeat: Heartbeat;
  /** Tells them which ear the worker has, if any. */
  hears(listening: Listening | undefined): void;
}

/** Starts it all; `slots` are the places of the session. */
export function startServices(parts: SessionParts, workerId: string, slots: Slots): Services {
  const { engine, settings, handlers } = parts;
  const { storage, clock, logger } = engine;
  const vitalSigns = createVitalSigns(settings.concurrency);
  const { concurrency } = settings;
  const settler = createSettler({ storage, clock, logger, concurrency, partner: () => claimer });
  const lent = runnerParts(parts, workerId, { slots, settler, vitalSigns });
  const batchRunner = createBatchRunner(batchParts(parts, lent));
  const runner = withBatches(createAttemptRunner(lent), batchRunner, handlers);
  const passes = createPassBook();
  const state = { slots, vitalSigns, passes, onOrders: () => orders.wake() };
  const heartbeat = createHeartbeat(heartbeatParts(parts, workerId, state));
  const { pollMs } = settings;
  let ear: Listening | undefined;
  const idleMark = createIdleMark({
    listening: () => ear,
    queues: () => [...handlers.queues().keys()],
    onUnrelied: () => lookAgain({ promoter, claimer, orders }),
  });
  const poll = (): number => (idleMark.relied() ? pollMs * relaxation : pollMs);
  const maintenance = startMaintenance(parts, { workerId, heartbeat, passes, poll });
  const { promoter, admission, rescuer, noteWork } = maintenance;
  const capped = createCappedQueues({ storage, clock, owner: workerId });
  capped.follow(parts.orders.latest());
  const own = { owner: workerId, capped, handlers: handlers.versions, onClaimed: noteWork };
  const batching = { batches: handlers.batches, batchRunner, route: engine.route };
  const common = { storage, clock, logger, slots, runner, pollMs, idleMark };
  const claimer = startClaiming({ ...common, ...own, ...batching });
  const ordered = { slots, capped, relied: idleMark.relied, wake: claimer.wake };
  const orders = startOrders(ordersParts(parts, workerId, ordered));
  return {
    heartbeat,
    claimer,
    capped,
    orders,
    rescuer,
    admission,
    idleMark,
    leases: watchLeases({ storage, slots, logger, everyMs: settings.heartbeatMs }),
    chores: [...maintenance.all, orders],
    hears(listening) {
      ear = listening;
      claimer.wake();
    },
  };
}

/** Hints can no longer be relied on: those that look rarely look again. */
function lookAgain(
  those: Pick<Services, "claimer" | "orders"> & { readonly promoter: Periodic },
): void {
  those.promoter.wake();
  those.claimer.unrelied();
  those.orders.wake();
}

/** Keeps what a session claims in step with what operators order. */
function ordersParts(
  { engine: { storage, logger }, handlers, orders, onDrain }: SessionParts,
  workerId: string,
  { slots, capped, relied, wake }: OrderedParts,
): OrdersParts {
  return {
    storage,
    logger,
    workerId,
    first: orders.latest(),
    names: handlers.open,
    relied,
    onOrders(latest) {
      orders.take(latest);
      capped.follow(latest);
      slots.serve(orderedPlaces(handlers.queues(), latest));
      wake();
      // What it serves from now on is tried again with the next change.
      handlers.meet(latest.names).catch((error: unknown) => {
        logger.warn({ worker: workerId, error }, "could not follow the queues that have come");
      });
    },
    onDrain: (by) => onDrain(workerId, by),
  };
}

/** What orders change. */
interface OrderedParts extends Pick<OrdersParts, "relied"> {
  readonly slots: Slots;
  readonly capped: CappedQueues;
  readonly wake: () => void;
}

/** What the heartbeats of a session tell of, and whom. */
interface SessionState extends Pick<HeartbeatParts, "onOrders"> {
  readonly slots: Slots;
  readonly vitalSigns: VitalSigns;
  readonly passes: PassBook;
}

function heartbeatParts(
  { engine, settings, onLost }: SessionParts,
  workerId: string,
  { slots, vitalSigns, passes, onOrders }: SessionState,
): HeartbeatParts {
  const { storage, logger } = engine;
  return {
    storage,
    logger,
    plan: { workerId, everyMs: settings.heartbeatMs, leaseMs: settings.leaseMs },
    vitalSigns,
    passes,
    wedgedAfterMs: settings.wedgedAfterMs,
    graceMs: settings.graceMs,
    onLost() {
      abortAll(slots);
      onLost();
    },
    onOrders,
  };
}

/** What a session lends to the attempts of its jobs. */
export function runnerParts(
  { client, engine, settings, handlers, orders, bootId, random }: SessionParts,
  workerId: string,
  own: Pick<AttemptRunnerParts, "slots" | "settler" | "vitalSigns">,
): AttemptRunnerParts {
  const { storage, clock, logger, guard, jobLog } = engine;
  const transactionParts = { storage, guard, clock, leaseMs: settings.leaseMs };
  return {
    ...own,
    engine,
    handlers,
    context: {
      client,
      clock,
      logger,
      jobLog,
      services: settings.services,
      worker: { id: workerId, host: hostname(), bootId },
      guard,
      transaction: (attempt) => jobTransaction(attempt, transactionParts),
    },
    graceMs: settings.graceMs,
    random,
    backoffOf: orders.backoffOf,
  };
}

function batchParts(
  { engine, settings, random }: SessionParts,
  lent: AttemptRunnerParts,
): BatchRunnerParts {
  const { storage } = engine;
  const { backoffOf } = lent;
  const transaction = { engine, leaseMs: settings.leaseMs, random, backoffOf };
  const savepoint: Storage["savepoint"] = async (tx, fn) =>
    storage.savepoint(await beneath(tx), fn);
  return { ...lent, batches: { context: lent.context, transaction, savepoint } };
}

function abortAll(slots: Slots): void {
  for (const { abort } of slots.running()) {
    abort.abort({ kind: "lease-lost", message: "This worker lost its registration." });
  }
}
