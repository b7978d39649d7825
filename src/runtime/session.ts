import { hostname } from "node:os";
import type { Logger } from "../core/logger.ts";
import type { Engine } from "../service/engine.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { Listening } from "../storage/contract/wakeup.ts";
import { drainSlots } from "./drain.ts";
import { type Services, startServices } from "./services.ts";
import type { SessionParts } from "./session-parts.ts";
import { createSlots } from "./slots.ts";

/** One registration of a worker: from its start, or the loss of the one before, to its end. */
export interface Session {
  readonly workerId: string;
  /** The worker's handlers have changed: what it claims from now on, and what its registration says. */
  rearrange(): Promise<void>;
  /** Stops claiming, drains, releases what is left and signs off. */
  stop(): Promise<void>;
  /** Ends a session whose registration is dead: its handlers were told `LEASE_LOST`, and none is waited for. Never rejects. */
  abandon(): Promise<void>;
}

/** Registers the worker under a new id and starts everything that runs under it. */
export async function openSession(parts: SessionParts): Promise<Session> {
  const { engine, settings, handlers } = parts;
  const { storage, logger } = engine;
  await declareLimits(parts);
  const workerId = await register(parts);
  const slots = createSlots(settings.concurrency, handlers.queues());
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
    async rearrange() {
      slots.serve(handlers.queues());
      // It may wait for other queues than enqueuers know of.
      services.idleMark.drop();
      services.claimer.wake();
      await declareLimits(parts);
      await storage.describeWorker(workerId, handlers.duties());
      // Who waited for these handlers may go ahead now.
      services.admission.wake();
    },
    async stop() {
      await drainSlots(slots, services.claimer.stop(), settings, logger);
      await stopServices();
      await signOff(storage, workerId, logger);
      // What was given back is for others now.
      await storage.wake([...handlers.queues().keys()]);
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

/** Those named for the worker come first: they say more than a definition that happens to use them. */
async function declareLimits({ engine, settings, handlers }: SessionParts): Promise<void> {
  await engine.scopes.ensure([...settings.limits, ...handlers.scopes()]);
}

/** Wakeups are hints: a worker that cannot hear them finds its work by polling. */
async function listen(
  { storage, logger, bookings }: Engine,
  { claimer, leases, idleMark, rescuer, admission }: Services,
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
        // A job stored in an application's own transaction has nobody else to let it in; nor has a queue that is open again.
        admission.hint();
      },
      onCancel: () => leases.wake(),
      onDue: bookings.add,
    });
  } catch (error) {
    logger.warn({ error }, "cannot hear wakeups; polling alone finds the work");
    return undefined;
  }
}

async function register({
  engine,
  settings,
  handlers: book,
  bootId,
}: SessionParts): Promise<string> {
  const { queues, handlers, versions } = book.duties();
  const id = await engine.storage.registerWorker({
    host: hostname(),
    pid: process.pid,
    bootId,
    queues,
    handlers,
    versions,
    leaseMs: settings.leaseMs,
  });
  engine.logger.info({ worker: id, handlers, queues }, "worker started");
  return id;
}

/** A registration that cannot be removed dies by its silence. */
async function signOff(storage: PresenceStore, workerId: string, logger: Logger): Promise<void> {
  await storage.unregisterWorker(workerId).catch((error: unknown) => {
    logger.warn({ worker: workerId, error }, "could not sign off; the lease will run out");
  });
}
