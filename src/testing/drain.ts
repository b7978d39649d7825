import type { Client } from "../core/client.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { WorkerOptions } from "../runtime/worker-options.ts";
import { createWorker } from "../runtime/worker.ts";
import { engineOf } from "../service/engine.ts";
import type { ManualClock } from "./manual-clock.ts";
import { admitsAt, areIdle, opensAt } from "./open-jobs.ts";

/** What to work with, and how long it may take. */
export interface DrainOptions<Services> extends WorkerOptions<Services> {
  /** Real time after which it gives up; default `"10s"`. */
  readonly giveUpAfter?: Duration;
}

const lookEveryMs = 5;
const promoteBatch = 1_000;

/**
 * Works every job that is due now, and the jobs those enqueue, through a real worker; resolves when none is left.
 * Jobs put off to later, those of a queue that is cooling down, and those a rate does not let in yet, stay where they are.
 *
 * @throws {HoldfastError} `WAIT_TIMEOUT` when it is not idle in time.
 */
export async function runUntilIdle<Services = unknown>(
  client: Client,
  options: DrainOptions<Services>,
): Promise<void> {
  await working(client, options, (work) => untilIdle(work));
}

/**
 * Works every job to its end: what is due now, then what is due later or let in later by a rate, moving the client's manual
 * clock to each such time as it comes, so that delays and retries of hours pass in milliseconds.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the client has no manual clock, `WAIT_TIMEOUT`.
 */
export async function drain<Services = unknown>(
  client: Client,
  options: DrainOptions<Services>,
): Promise<void> {
  const { storage, clock } = engineOf(client);
  if (!isManual(clock)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "drain moves the client's clock: create the client with clock: createManualClock().",
    );
  }
  await working(client, options, async (work) => {
    for (;;) {
      await untilIdle(work);
      const { nextDueAt } = await storage.promoteJobs(promoteBatch, clock.now());
      const next = Math.min(
        nextDueAt ?? Infinity,
        await opensAt(work.client, work.names),
        await admitsAt(work.client),
      );
      if (next === Infinity) return;
      refuseOverdue(work);
      await clock.advanceTo(Math.max(next, clock.now()));
    }
  });
}

function isManual(clock: object): clock is ManualClock {
  return "advanceTo" in clock;
}

interface Work {
  readonly client: Client;
  readonly names: readonly string[];
  /** By the monotonic clock. */
  readonly deadline: number;
}

async function working<Services>(
  client: Client,
  { giveUpAfter = "10s", ...options }: DrainOptions<Services>,
  run: (work: Work) => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + parseDuration(giveUpAfter, "giveUpAfter");
  const worker = createWorker<Services>(client, { poll: "10ms", ...options });
  const names = options.handlers.map((handler) => handler.definition.name);
  await worker.start();
  try {
    await run({ client, names, deadline });
  } finally {
    await worker.stop();
  }
}

async function untilIdle(work: Work): Promise<void> {
  const { storage, clock } = engineOf(work.client);
  for (;;) {
    const now = clock.now();
    const { more, nextDueAt } = await storage.promoteJobs(promoteBatch, now);
    // A due job that stays behind is in the hands of the worker's own promoter.
    const promoting = more || (nextDueAt !== null && nextDueAt <= now);
    if (!promoting && (await areIdle(work.client, work.names))) return;
    refuseOverdue(work);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function refuseOverdue({ deadline }: Work): void {
  if (performance.now() <= deadline) return;
  throw new HoldfastError(
    "WAIT_TIMEOUT",
    "Jobs were still available or running, or booked for later again: is a handler waiting for something, is their queue paused or not served, or does one reschedule itself?",
  );
}
