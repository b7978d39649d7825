import { hostname } from "node:os";
import { orderedPlaces } from "../core/orders.ts";
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
import { type AdmissionPass, startAdmissionPass } from "./maintenance/admission-pass.ts";
import { createPassBook, type PassBook } from "./maintenance/pass-book.ts";
import { startPromoter } from "./maintenance/promoter.ts";
import { startPruner } from "./maintenance/pruner.ts";
import { startReclaimer } from "./maintenance/reclaimer.ts";
import { type RescuerParts, startRescuer } from "./maintenance/rescuer.ts";
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
  const heartbeat = createHeartbeat(heartbeatParts(parts, workerId, { slots, vitalSigns, passes }));
  const { pollMs } = settings;
  let ear: Listening | undefined;
  const idleMark = createIdleMark({
    listening: () => ear,
    queues: () => [...handlers.queues().keys()],
    onUnrelied() {
      promoter.wake();
      // Those that look rarely look again.
      claimer.unrelied();
      admission.hint();
      orders.wake();
    },
  });
  const poll = (): number => (idleMark.relied() ? pollMs * relaxation : pollMs);
  const chore = { ...engine, passes };
  const promoter = startPromoter(chore, poll);
  const admission = startAdmissionPass(chore, { poll, gated: handlers.gated });
  const reclaimer = startReclaimer(storage, chore);
  const rescuer = startRescuer(rescuerParts(parts, workerId, { heartbeat, passes }));
  const capped = createCappedQueues({ storage, clock, owner: workerId });
  capped.follow(parts.orders.latest());
  const own = {
    owner: workerId,
    capped,
    handlers: handlers.versions,
    onClaimed: reclaimer.noteWork,
  };
  const batching = { batches: handlers.batches, batchRunner, route: engine.route };
  const common = { storage, clock, logger, slots, runner, pollMs, idleMark };
  const claimer = startClaiming({ ...common, ...own, ...batching });
  const { relied } = idleMark;
  const orders = startOrders(
    ordersParts(parts, { workerId, slots, capped, relied, wake: claimer.wake }),
  );
  return {
    heartbeat,
    claimer,
    capped,
    orders,
    rescuer,
    admission,
    idleMark,
    leases: watchLeases({ storage, slots, logger, everyMs: settings.heartbeatMs }),
    chores: [promoter, admission, reclaimer, rescuer, orders, startPruner(storage, chore)],
    hears(listening) {
      ear = listening;
      claimer.wake();
    },
  };
}

/** Keeps what a session claims in step with what operators order. */
function ordersParts(
  { engine: { storage, logger }, handlers, orders, onDrain }: SessionParts,
  {
    workerId,
    slots,
    capped,
    relied,
    wake,
  }: Pick<OrdersParts, "workerId" | "relied"> & OrderedParts,
): OrdersParts {
  return {
    storage,
    logger,
    workerId,
    first: orders.latest(),
    names: () => false,
    relied,
    onOrders(latest) {
      orders.take(latest);
      capped.follow(latest);
      slots.serve(orderedPlaces(handlers.queues(), latest));
      wake();
    },
    onDrain,
  };
}

/** What orders change. */
interface OrderedParts {
  readonly slots: Slots;
  readonly capped: CappedQueues;
  readonly wake: () => void;
}

/** What the heartbeats of a session tell of. */
interface SessionState {
  readonly slots: Slots;
  readonly vitalSigns: VitalSigns;
  readonly passes: PassBook;
}

function heartbeatParts(
  { engine, settings, onLost }: SessionParts,
  workerId: string,
  { slots, vitalSigns, passes }: SessionState,
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
  };
}

/** What a session lends to the attempts of its jobs. */
export function runnerParts(
  { client, engine, settings, handlers, orders, bootId, random }: SessionParts,
  workerId: string,
  own: Pick<AttemptRunnerParts, "slots" | "settler" | "vitalSigns">,
): AttemptRunnerParts {
  const { storage, clock, logger, guard } = engine;
  const transactionParts = { storage, guard, clock, leaseMs: settings.leaseMs };
  return {
    ...own,
    engine,
    handlers,
    context: {
      client,
      clock,
      logger,
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
  const savepoint: Storage["savepoint"] = (tx, fn) => storage.savepoint(tx, fn);
  return { ...lent, batches: { context: lent.context, transaction, savepoint } };
}

function rescuerParts(
  { engine, settings, orders, random }: SessionParts,
  self: string,
  { heartbeat, passes }: { readonly heartbeat: Heartbeat; readonly passes: PassBook },
): RescuerParts {
  return {
    engine,
    passes,
    self,
    everyMs: settings.heartbeatMs,
    aloneMs: settings.heartbeatMs * 2,
    leaseMs: settings.leaseMs,
    maxCrashes: settings.maxCrashes,
    random,
    backoffOf: orders.backoffOf,
    steadyMs: () => heartbeat.steadyMs(),
  };
}

function abortAll(slots: Slots): void {
  for (const { abort } of slots.running()) {
    abort.abort({ kind: "lease-lost", message: "This worker lost its registration." });
  }
}
