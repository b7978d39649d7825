import { hostname } from "node:os";
import type { Client } from "../core/client.ts";
import type { Logger } from "../core/logger.ts";
import type { Engine } from "../service/engine.ts";
import type { Periodic } from "../service/periodic.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { Listening } from "../storage/contract/wakeup.ts";
import { type AttemptRunnerParts, createAttemptRunner } from "./attempt-runner.ts";
import { startClaimer } from "./claimer.ts";
import { drainSlots } from "./drain.ts";
import { createHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { createIdleMark, type IdleMark } from "./idle-mark.ts";
import { jobTransaction } from "./job-transaction.ts";
import { watchLeases } from "./lease-watch.ts";
import { startPromoter } from "./maintenance/promoter.ts";
import { startPruner } from "./maintenance/pruner.ts";
import { startReclaimer } from "./maintenance/reclaimer.ts";
import { type RescuerParts, startRescuer } from "./maintenance/rescuer.ts";
import { createSettler } from "./settler.ts";
import { createSlots, type Slots } from "./slots.ts";
import { createVitalSigns } from "./vital-signs.ts";
import type { WorkerSettings } from "./worker-options.ts";

/** One registration of a worker: from its start, or the loss of the one before, to its end. */
export interface Session {
  readonly workerId: string;
  /** Stops claiming, drains, releases what is left and signs off. */
  stop(): Promise<void>;
  /** Ends a session whose registration is dead: its handlers were told `LEASE_LOST`, and none is waited for. Never rejects. */
  abandon(): Promise<void>;
}

/** What a session is opened with. */
export interface SessionParts {
  readonly client: Client;
  readonly engine: Engine;
  readonly settings: WorkerSettings;
  readonly bootId: string;
  readonly random: () => number;
  /** The registration is dead or gone; called at most once. */
  readonly onLost: () => void;
}

/** Registers the worker under a new id and starts everything that runs under it. */
export async function openSession(parts: SessionParts): Promise<Session> {
  const { engine, settings } = parts;
  const { storage, logger } = engine;
  const workerId = await register(parts);
  const slots = createSlots(settings.concurrency, settings.queues);
  const services = startServices(parts, workerId, slots);
  const listening = await listen(engine, services);
  services.hears(listening);

  async function stopServices(): Promise<void> {
    await listening?.stop();
    const { leases, chores, heartbeat } = services;
    await Promise.all([leases, ...chores].map((chore) => chore.stop()));
    // Heartbeats end last: a draining worker must not look dead.
    await heartbeat.stop();
  }

  return {
    workerId,
    async stop() {
      await drainSlots(slots, services.claimer.stop(), settings, logger);
      await stopServices();
      await signOff(storage, workerId, logger);
      // What was given back is for others now.
      await storage.wake([...settings.queues.keys()]);
      logger.info({ worker: workerId }, "worker stopped");
    },
    async abandon() {
      void services.claimer.stop();
      await stopServices().catch((error: unknown) => {
        logger.warn({ worker: workerId, error }, "could not end a lost session in order");
      });
    },
  };
}

/** Wakeups are hints: a worker that cannot hear them finds its work by polling. */
async function listen(
  { storage, logger, bookings }: Engine,
  { claimer, leases, idleMark, rescuer }: Services,
): Promise<Listening | undefined> {
  try {
    return await storage.listen({
      onWork(queues) {
        if (queues.length === 0) {
          // Any queue: hints may have been missed, a worker's arrival among them.
          idleMark.lose();
          rescuer.wake();
        }
        claimer.wake();
      },
      onCancel: () => leases.wake(),
      onDue: bookings.add,
    });
  } catch (error) {
    logger.warn({ error }, "cannot hear wakeups; polling alone finds the work");
    return undefined;
  }
}

async function register({ engine, settings, bootId }: SessionParts): Promise<string> {
  const handlers = [...settings.handlers.keys()];
  const queues = [...settings.queues.keys()];
  const id = await engine.storage.registerWorker({
    host: hostname(),
    pid: process.pid,
    bootId,
    queues,
    handlers,
    leaseMs: settings.leaseMs,
  });
  engine.logger.info({ worker: id, handlers, queues }, "worker started");
  return id;
}

interface Services {
  readonly claimer: Periodic;
  readonly leases: Periodic;
  readonly rescuer: Periodic;
  readonly idleMark: IdleMark;
  readonly chores: readonly Periodic[];
  readonly heartbeat: Heartbeat;
  /** Tells them which ear the worker has, if any. */
  hears(listening: Listening | undefined): void;
}

function startServices(parts: SessionParts, workerId: string, slots: Slots): Services {
  const { engine, settings } = parts;
  const { storage, clock, logger } = engine;
  const vitalSigns = createVitalSigns(settings.concurrency);
  const { concurrency } = settings;
  const settler = createSettler({ storage, clock, logger, concurrency, partner: () => claimer });
  const runner = createAttemptRunner(runnerParts(parts, workerId, { slots, settler, vitalSigns }));
  const heartbeat = createHeartbeat({
    storage,
    logger,
    plan: { workerId, everyMs: settings.heartbeatMs, leaseMs: settings.leaseMs },
    vitalSigns,
    wedgedAfterMs: settings.wedgedAfterMs,
    graceMs: settings.graceMs,
    onLost() {
      abortAll(slots);
      parts.onLost();
    },
  });
  const handlers = versions(settings);
  const { pollMs } = settings;
  let ear: Listening | undefined;
  const idleMark = createIdleMark({
    listening: () => ear,
    queues: [...settings.queues.keys()],
    onUnrelied: () => promoter.wake(),
  });
  const promoter = startPromoter(engine, () => (idleMark.relied() ? pollMs * 15 : pollMs));
  const reclaimer = startReclaimer(storage, logger);
  const rescuer = startRescuer(rescuerParts(parts, workerId, heartbeat));
  const claimer = startClaimer({
    owner: workerId,
    storage,
    clock,
    logger,
    slots,
    handlers,
    runner,
    pollMs,
    idleMark,
    onClaimed: reclaimer.noteWork,
  });
  return {
    heartbeat,
    claimer,
    rescuer,
    idleMark,
    leases: watchLeases(storage, slots, logger, settings.heartbeatMs),
    chores: [promoter, reclaimer, rescuer, startPruner(storage, clock, logger)],
    hears(listening) {
      ear = listening;
      claimer.wake();
    },
  };
}

function runnerParts(
  { client, engine, settings, bootId, random }: SessionParts,
  workerId: string,
  own: Pick<AttemptRunnerParts, "slots" | "settler" | "vitalSigns">,
): AttemptRunnerParts {
  const { storage, clock, logger, guard } = engine;
  const transactionParts = { storage, guard, clock, leaseMs: settings.leaseMs };
  return {
    ...own,
    engine,
    handlers: settings.handlers,
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
  };
}

function rescuerParts(
  { engine, settings, random }: SessionParts,
  self: string,
  heartbeat: Heartbeat,
): RescuerParts {
  return {
    engine,
    self,
    everyMs: settings.heartbeatMs,
    aloneMs: settings.heartbeatMs * 2,
    maxCrashes: settings.maxCrashes,
    random,
    steadyMs: () => heartbeat.steadyMs(),
  };
}

function versions(settings: WorkerSettings): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...settings.handlers.values()].map(({ definition }) => [definition.name, definition.version]),
  );
}

/** A registration that cannot be removed dies by its silence. */
async function signOff(storage: PresenceStore, workerId: string, logger: Logger): Promise<void> {
  await storage.unregisterWorker(workerId).catch((error: unknown) => {
    logger.warn({ worker: workerId, error }, "could not sign off; the lease will run out");
  });
}

function abortAll(slots: Slots): void {
  for (const { abort } of slots.running()) {
    abort.abort({ kind: "lease-lost", message: "This worker lost its registration." });
  }
}
