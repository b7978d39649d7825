import { hostname } from "node:os";
import type { Client } from "../core/client.ts";
import type { Logger } from "../core/logger.ts";
import type { Engine } from "../service/engine.ts";
import type { Periodic } from "../service/periodic.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { WakeupStore } from "../storage/contract/wakeup.ts";
import { type AttemptRunnerParts, createAttemptRunner } from "./attempt-runner.ts";
import { startClaimer } from "./claimer.ts";
import { drainSlots } from "./drain.ts";
import { createHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { jobTransaction } from "./job-transaction.ts";
import { watchLeases } from "./lease-watch.ts";
import { startPromoter } from "./maintenance/promoter.ts";
import { startPruner } from "./maintenance/pruner.ts";
import { startRescuer } from "./maintenance/rescuer.ts";
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
  const unlisten = await listen(storage, services, logger);

  async function stopServices(): Promise<void> {
    await unlisten();
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
  storage: WakeupStore,
  { claimer, leases }: Services,
  logger: Logger,
): Promise<() => Promise<void>> {
  try {
    return await storage.listen({ onWork: () => claimer.wake(), onCancel: () => leases.wake() });
  } catch (error) {
    logger.warn({ error }, "cannot hear wakeups; polling alone finds the work");
    return async () => {};
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
  readonly chores: readonly Periodic[];
  readonly heartbeat: Heartbeat;
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
  const owner = workerId;
  const claimer = startClaimer({ owner, storage, clock, logger, slots, handlers, runner, pollMs });
  return {
    heartbeat,
    claimer,
    leases: watchLeases(storage, slots, logger, settings.heartbeatMs),
    chores: startChores(parts, workerId, heartbeat),
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

function startChores(parts: SessionParts, self: string, heartbeat: Heartbeat): readonly Periodic[] {
  const { engine, settings, random } = parts;
  const { storage, clock, logger } = engine;
  return [
    startPromoter(engine, settings.pollMs),
    startPruner(storage, clock, logger),
    startRescuer({
      engine,
      self,
      everyMs: settings.heartbeatMs,
      maxCrashes: settings.maxCrashes,
      random,
      steadyMs: () => heartbeat.steadyMs(),
    }),
  ];
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
