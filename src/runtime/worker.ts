import { randomUUID } from "node:crypto";
import type { Client } from "../core/client.ts";
import { engineOf } from "../service/engine.ts";
import { createRegistration } from "./registration.ts";
import { openSession } from "./session.ts";
import { type WorkerOptions, workerSettings } from "./worker-options.ts";

/** A running process's consumer: claims jobs, runs their handlers, writes how they ended. */
export interface Worker {
  /** The id of its registration, while it is started. */
  readonly id: string | undefined;
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
): Worker {
  const engine = engineOf(client);
  const settings = workerSettings(options);
  for (const { definition } of settings.handlers.values()) client.define(definition);
  for (const { definition } of settings.batchHandlers.values()) client.define(definition);
  const bootId = randomUUID();

  const registration = createRegistration(
    (onLost) => openSession({ client, engine, settings, bootId, random: Math.random, onLost }),
    { logger: engine.logger, retryMs: settings.heartbeatMs },
  );
  const stop = (): Promise<void> => registration.end();
  return {
    get id() {
      return registration.current()?.workerId;
    },
    start: () => registration.begin(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
