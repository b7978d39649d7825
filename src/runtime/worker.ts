import { randomUUID } from "node:crypto";
import type { BatchHandler } from "../core/batch.ts";
import { kindOf } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import type { JobHandler } from "../core/define-job.ts";
import { HoldfastError } from "../core/errors.ts";
import { tellCall } from "../service/call-telemetry.ts";
import { engineOf } from "../service/engine.ts";
import { createHandlerBook } from "./handler-book.ts";
import { createOrderBook } from "./order-book.ts";
import { createRegistration, type OpenSession } from "./registration.ts";
import type { SessionParts } from "./session-parts.ts";
import { openSession } from "./session.ts";
import { createTerm, type WorkerState } from "./term.ts";
import type { WorkerEnd } from "./worker-end.ts";
import { isHandler, type WorkerOptions, workerSettings } from "./worker-options.ts";

/** A running process's consumer: claims jobs, runs their handlers, writes how they ended. */
export interface Worker<in Services = unknown> {
  /** The id of its registration, while it is started. */
  readonly id: string | undefined;
  /** `running` from a start to a stop, or to an operator's wish that it drain; `draining` until its jobs have ended. */
  readonly state: WorkerState;
  /**
   * Registers the worker and starts claiming.
   *
   * @throws {HoldfastError} `ALREADY_STARTED`, `STORAGE_*`.
   */
  start(): Promise<void>;
  /**
   * Stops claiming, waits for running jobs up to `drain`, aborts their signals, and releases what is left: no attempt spent,
   * available at once. Idempotent: calls while it stops share one stop. A stopped worker may be started again.
   */
  stop(): Promise<void>;
  /**
   * Resolves once the worker has stopped: by `stop`, or because an operator let it drain. Of the time it is in, or was in last; of
   * the first before that. It never rejects.
   *
   * @example
   * ```ts
   * await worker.start();
   * const { drained } = await worker.stopped;
   * if (drained) process.exit(0); // nothing is left to do here
   * ```
   */
  readonly stopped: Promise<WorkerEnd>;
  /**
   * Adds a handler or batch handler, also while the worker runs, as for a definition made at run time. Its queue is served as
   * well, unless the worker was given its `queues`.
   *
   * @throws {HoldfastError} `DUPLICATE_HANDLER`, `DUPLICATE_DEFINITION`, `INVALID_OPTION`.
   * @example
   * ```ts
   * const inbox = defineJob<{ text: string }>({ name: "inbox:acme" });
   * await worker.add(inbox.handler(async ({ text }) => text.length));
   * await worker.remove(inbox.name);
   * ```
   */
  add(handler: JobHandler<Services> | BatchHandler<Services>): Promise<void>;
  /**
   * Takes the handler of a name away: its running jobs and batches end as they would, no more are claimed, what waits to begin
   * is given back, and its definition is forgotten, so that the name may be defined anew. False when there is none.
   */
  remove(name: string): Promise<boolean>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a worker for a client's database; nothing runs before `start`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DUPLICATE_HANDLER`, `DUPLICATE_DEFINITION`.
 * @example
 * ```ts
 * const worker = createWorker(client, { handlers: [sendWelcome.handler(send)] });
 * await worker.start();
 * process.once("SIGTERM", () => worker.stop());
 * ```
 */
export function createWorker<Services = unknown>(
  client: Client,
  options: WorkerOptions<Services>,
): Worker<Services> {
  return assembleWorker(client, options, { engine: engineOf(client), random: Math.random });
}

/** Puts a worker together. Tests give it an engine and a randomness of their own. */
export function assembleWorker<Services>(
  client: Client,
  options: WorkerOptions<Services>,
  { engine, random }: Pick<SessionParts, "engine" | "random">,
): Worker<Services> {
  const settings = workerSettings(options);
  for (const { definition } of settings.handlers.values()) client.define(definition);
  const handlers = createHandlerBook(settings.handlers, settings.queues, engine.route);
  const bootId = randomUUID();
  const orders = createOrderBook();
  const lent = { client, engine, settings, handlers, orders, bootId, random };
  const open: OpenSession = (onLost, replaces) =>
    openSession({ ...lent, onLost, replaces, onDrain: (id, by) => term.drain(id, by) });
  const registration = createRegistration(open, {
    logger: engine.logger,
    retryMs: settings.heartbeatMs,
  });
  const term = createTerm(registration, engine.logger);
  const current = () => registration.current()?.workerId;
  const stop = () => tellCall(engine.telemetry, "stop", { worker: current() }, term.stop);
  return {
    get id() {
      return current();
    },
    get state() {
      return term.state;
    },
    get stopped() {
      return term.stopped();
    },
    start: term.start,
    stop,
    async add(handler) {
      if (!isHandler(handler)) throw notHandler(handler);
      client.define(handler.definition);
      await handlers.add(handler);
    },
    async remove(name) {
      const handler = handlers.any(name);
      if (handler === undefined) return false;
      engine.registry.remove(handler.definition);
      await handlers.remove(name);
      return true;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function notHandler(value: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `worker.add takes a handler made by definition.handler(...) or batchHandler(...); got ${kindOf(value)}.`,
  );
}
