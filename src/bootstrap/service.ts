import type { Client } from "../core/client.ts";
import type { Logger } from "../core/logger.ts";
import type { Auth } from "../identity/auth.ts";
import { actAs } from "../identity/current-auth.ts";
import type { Worker } from "../runtime/worker.ts";
import { notConfigured } from "./state-errors.ts";
import type { State } from "./state.ts";

/** A process that runs to completion, and what it was given to do so. */
export interface Service {
  readonly name: string;
  /** The service's own identity. */
  readonly auth: Auth;
  readonly state: State;
  /**
   * Its jobs. The handlers of workers made with this client run under the service's identity.
   *
   * @throws {HoldfastError} `STATE_NOT_CONFIGURED` when none was opened: see the option `client`.
   */
  readonly client: Client;
  /** Log lines that carry the service's name. */
  readonly log: Logger;
  /** Aborts when the process is asked to stop, by SIGTERM or SIGINT. */
  readonly signal: AbortSignal;
  /**
   * Runs the job of the process under its identity, closes the service whatever comes of it, and gives what it gives. An error
   * that leaves it decides the exit code.
   *
   * @example
   * ```ts
   * const service = await bootstrap("invoice-report");
   * await service.run(async ({ auth, state, signal }) => {
   *   const { rows } = await state.pg().query("SELECT * FROM invoices WHERE sent_at IS NULL");
   *   const init = { method: "POST", body: JSON.stringify(rows), signal };
   *   await auth.fetch("https://mail.internal/send", init);
   * });
   * ```
   */
  run<Result>(body: (service: Service) => Result | Promise<Result>): Promise<Result>;
  /** Starts a worker and waits until it has stopped: because `signal` aborted, or an operator drained it. */
  work<Services>(worker: Worker<Services>): Promise<void>;
  /** Closes what was opened and sends the last telemetry. Idempotent, and never rejects. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a service is made of. */
export interface ServiceParts extends Pick<Service, "name" | "auth" | "state" | "log" | "signal"> {
  readonly client: Client | undefined;
  /** Gives up what was opened. It never rejects. */
  release(): Promise<void>;
}

const jobsVariables = 'HOLDFAST_URL or DATABASE_URL, and leave the option client: "none" out,';

/** Puts a service together. */
export function createService({ client, release, ...parts }: ServiceParts): Service {
  const { auth, log, signal } = parts;
  let closing: Promise<void> | undefined;
  const service: Service = {
    ...parts,
    get client() {
      if (client === undefined) throw notConfigured("client", jobsVariables);
      return client;
    },
    async run(body) {
      const began = performance.now();
      const ms = () => Math.round(performance.now() - began);
      try {
        const result = await actAs(auth, async () => body(service));
        log.info({ ms: ms() }, "job done");
        return result;
      } catch (error) {
        log.error({ error, ms: ms() }, "job failed");
        throw error;
      } finally {
        await service.close();
      }
    },
    work: (worker) => workUntil(signal, worker),
    close() {
      closing ??= release();
      return closing;
    },
    [Symbol.asyncDispose]: () => service.close(),
  };
  return service;
}

async function workUntil<Services>(signal: AbortSignal, worker: Worker<Services>): Promise<void> {
  if (signal.aborted) return;
  const stop = (): void => void worker.stop();
  signal.addEventListener("abort", stop);
  try {
    await worker.start();
    // One that came while the worker started stopped nothing.
    if (signal.aborted) stop();
    await worker.stopped;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
