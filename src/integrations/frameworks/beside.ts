import { checkOptions, type OptionRule, rule } from "../../core/check-options.ts";
import type { Client } from "../../core/client.ts";
import { type Duration, parseDuration } from "../../core/duration.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Worker } from "../../runtime/worker.ts";
import { engineOf } from "../../service/engine.ts";
import type { Door } from "./door.ts";
import { listenForStop } from "./stop-request.ts";

/** What runs beside a server, and ends with it. */
export interface BesideOptions {
  /** Not started yet. Its `drain` says how long jobs may take to end. */
  readonly worker: Worker;
  /** Closed when both have ended. */
  readonly client: Client;
  /** How long requests under way may take to end before their connections are closed; default `"10s"`. */
  readonly grace?: Duration;
  /** Another way to ask for the end than SIGTERM or SIGINT. */
  readonly signal?: AbortSignal;
}

const rules: Readonly<Record<keyof BesideOptions, OptionRule>> = {
  worker: rule.object,
  client: rule.object,
  grace: rule.any,
  signal: { is: "an AbortSignal", test: (value) => value instanceof AbortSignal },
};

/** Runs a worker beside what lets requests in, until the process is asked to stop; then everything is shut in order. */
export async function standBeside(door: Door, options: BesideOptions): Promise<void> {
  checkOptions("runBeside", options, rules);
  const { worker, client } = options;
  if (worker === undefined || client === undefined) throw incomplete();
  const graceMs = parseDuration(options.grace ?? "10s", "runBeside: grace");
  const { logger } = engineOf(client);
  const stop = listenForStop(options.signal);
  try {
    await worker.start();
    const by = await stop.asked;
    logger.info({ by }, "stopping: no new requests, no new jobs");
  } finally {
    try {
      // Requests under way may still enqueue, so the client comes last.
      await Promise.all([shut(door, graceMs), worker.stop()]);
      await client.close();
    } finally {
      stop.end();
    }
  }
}

function incomplete(): HoldfastError {
  const message = "runBeside needs a worker and its client: runBeside(server, { client, worker }).";
  return new HoldfastError("INVALID_OPTION", message);
}

async function shut(door: Door, graceMs: number): Promise<void> {
  const late = setTimeout(() => door.hangUp(), graceMs);
  try {
    await door.close();
  } finally {
    clearTimeout(late);
  }
}
