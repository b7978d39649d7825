import { hostname } from "node:os";
import type { Logger } from "../core/logger.ts";
import { noOrders, orderedPlaces, type Orders } from "../core/orders.ts";
import type { Engine } from "../service/engine.ts";
import { packageVersion } from "../telemetry/package-version.ts";
import type { PresenceStore, WorkerDuties } from "../storage/contract/presence.ts";
import type { Listening, WakeupStore } from "../storage/contract/wakeup.ts";
import { drainSlots } from "./drain.ts";
import { type Services, startServices } from "./services.ts";
import type { SessionParts } from "./session-parts.ts";
import { createSlots, type Slots } from "./slots.ts";

/** One registration of a worker: from its start, or the loss of the one before, to its end. */
export interface Session {
  readonly workerId: string;
  /** Stops claiming, drains, releases what is left and signs off. */
  stop(): Promise<void>;
  /** Ends a session whose registration is dead: its handlers were told `LEASE_LOST`, and none is waited for. Never rejects. */
  abandon(): Promise<void>;
}

/** Registers the worker under a new id and starts everything that runs under it. */
export async function openSession(parts: SessionParts): Promise<Session> {
  const { engine, settings, handlers, orders } = parts;
  const { storage, logger, scopes } = engine;
  await scopes.ensure(handlers.scopes());
  const duties = handlers.duties();
  const workerId = await register(parts, duties);
  const first = await readFirst(parts, workerId);
  orders.take(first);
  await handlers.meet(first.names);
  const slots = createSlots(
    settings.concurrency,
    orderedPlaces(handlers.queues(), orders.latest()),
  );
  const services = startServices(parts, workerId, slots);
  const unfollow = followHandlers(parts, { workerId, duties, slots, services });
  const listening = await listen(engine, services);
  services.hears(listening);
  await tellSharers(storage, services);

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
      showDraining(storage, workerId, slots);
      unfollow();
      await drainSlots(slots, services.claimer.stop(), settings, logger);
      await engine.jobLog.flush();
      await stopServices();
      await signOff(storage, workerId, logger);
      await tellSharers(storage, services);
      // What was given back is for others now.
      await storage.wake([...handlers.queues().keys()]);
      logger.info({ worker: workerId }, "worker stopped");
    },
    async abandon() {
      unfollow();
      void services.claimer.stop();
      await stopServices().catch((error: unknown) => {
        logger.warn({ worker: workerId, error }, "could not end a lost session in order");
      });
    },
  };
}

/** Whoever shares a queue with this worker has another part of it now. */
async function tellSharers(storage: WakeupStore, { capped }: Services): Promise<void> {
  if (capped.shared()) await storage.wakeOrders();
}

interface Following {
  readonly workerId: string;
  /** What the registration says. */
  readonly duties: WorkerDuties;
  readonly slots: Slots;
  readonly services: Services;
}

/** Keeps what a session claims and what its registration says in step with the handlers; gives the way to stop that. */
function followHandlers(
  parts: SessionParts,
  { workerId, duties, slots, services: { claimer, idleMark, admission } }: Following,
): () => void {
  const {
    engine: { storage, logger, scopes },
    handlers,
    orders,
  } = parts;
  let said = duties;

  async function describe(): Promise<void> {
    const now = handlers.duties();
    if (now === said) return;
    said = now;
    await scopes.ensure(handlers.scopes());
    // A registration is what people read of a worker, and it works without.
    await storage.describeWorker(workerId, now).catch((error: unknown) => {
      logger.warn({ worker: workerId, error }, "could not write down what the worker serves now");
    });
  }

  // Those who changed the handlers while the worker was being registered had nobody to tell.
  let described = describe();
  return handlers.follow(async () => {
    slots.serve(orderedPlaces(handlers.queues(), orders.latest()));
    // It may wait for other queues than enqueuers know of.
    idleMark.drop();
    // One after the other, so that the last word is the newest.
    described = described.then(describe);
    await Promise.all([claimer.rearrange(), described]);
    // Who waited for these handlers may go ahead now.
    admission.wake();
  });
}

/** What was ordered before the worker began; one that cannot be told yet hears of it a moment later. */
async function readFirst(
  { engine: { storage, logger }, handlers }: SessionParts,
  workerId: string,
): Promise<Orders> {
  return storage.readOrders(workerId, handlers.open()).catch((error: unknown) => {
    logger.warn({ worker: workerId, error }, "could not read orders yet");
    return noOrders;
  });
}

/** Wakeups are hints: a worker that cannot hear them finds its work by polling. */
async function listen(
  { storage, logger, bookings }: Engine,
  { claimer, leases, idleMark, rescuer, admission, orders }: Services,
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
      onCancel: leases.cancelled,
      onOrders: orders.wake,
      onDue: bookings.add,
    });
  } catch (error) {
    logger.warn({ error }, "cannot hear wakeups; polling alone finds the work");
    return undefined;
  }
}

async function register(
  { engine, settings, bootId, replaces }: SessionParts,
  duties: WorkerDuties,
): Promise<string> {
  const id = await engine.storage.registerWorker({
    host: hostname(),
    pid: process.pid,
    version: packageVersion(),
    bootId,
    ...duties,
    leaseMs: settings.leaseMs,
    ...(replaces === undefined ? {} : { replaces }),
  });
  const { handlers, queues } = duties;
  engine.logger.info({ worker: id, handlers, queues }, "worker started");
  return id;
}

/** Others do not count on a worker that drains. It is a word for them, so nothing waits for it. */
function showDraining(storage: PresenceStore, workerId: string, slots: Slots): void {
  if (slots.running().length > 0) void storage.drainWorker(workerId, null).catch(() => {});
}

/** A registration that cannot be removed dies by its silence. */
async function signOff(storage: PresenceStore, workerId: string, logger: Logger): Promise<void> {
  await storage.unregisterWorker(workerId).catch((error: unknown) => {
    logger.warn({ worker: workerId, error }, "could not sign off; the lease will run out");
  });
}
