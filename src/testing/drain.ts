import type { Client } from "../core/client.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobState } from "../core/job.ts";
import { engineOf } from "../service/engine.ts";
import type { WorkerOptions } from "../runtime/worker-options.ts";
import { createWorker } from "../runtime/worker.ts";
import type { ManualClock } from "./manual-clock.ts";

/** What to work with, and how long it may take in real time. */
export interface DrainOptions<Services> extends WorkerOptions<Services> {
  /** Real milliseconds after which it gives up; default 10,000. */
  readonly giveUpAfterMs?: number;
}

const lookEveryMs = 5;
const promoteBatch = 1_000;

/**
 * Works every job that is due now, and the jobs those enqueue, through a real worker; resolves when none is left.
 * Jobs put off to later stay where they are.
 *
 * @throws {HoldfastError} `WAIT_TIMEOUT` when it is not idle in time.
 */
export async function runUntilIdle<Services = unknown>(
  client: Client,
  options: DrainOptions<Services>,
): Promise<void> {
  await working(client, options, (settleDown) => settleDown());
}

/**
 * Works every job to its end: what is due now, then what is due later, moving the client's manual clock to each due time
 * as it comes, so that delays and retries of hours pass in milliseconds.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the client has no manual clock, `WAIT_TIMEOUT`.
 */
export async function drain<Services = unknown>(
  client: Client,
  options: DrainOptions<Services>,
): Promise<void> {
  const { storage, clock } = engineOf(client);
  if (!("advanceTo" in clock)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "drain moves the client's clock: create the client with clock: createManualClock().",
    );
  }
  const manual = clock as ManualClock;
  await working(client, options, async (settleDown) => {
    for (;;) {
      await settleDown();
      const { nextDueAt } = await storage.promoteJobs(promoteBatch, manual.now());
      if (nextDueAt === null) return;
      await manual.advanceTo(Math.max(nextDueAt, manual.now()));
    }
  });
}

async function working<Services>(
  client: Client,
  options: DrainOptions<Services>,
  work: (settleDown: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { giveUpAfterMs = 10_000, ...workerOptions } = options;
  const worker = createWorker<Services>(client, { poll: "10ms", ...workerOptions });
  const deadline = performance.now() + giveUpAfterMs;
  await worker.start();
  try {
    await work(() => untilIdle(client, options, deadline));
  } finally {
    await worker.stop();
  }
}

async function untilIdle<Services>(
  client: Client,
  { handlers }: DrainOptions<Services>,
  deadline: number,
): Promise<void> {
  const { storage, clock } = engineOf(client);
  const names = handlers.map((handler) => handler.definition.name);
  for (;;) {
    const { more } = await storage.promoteJobs(promoteBatch, clock.now());
    const open = more ? 1 : await countOpen(client, names);
    if (open === 0) return;
    if (performance.now() > deadline) {
      throw new HoldfastError(
        "WAIT_TIMEOUT",
        `${open} jobs were still available or running; is a handler waiting for something, or their queue paused?`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function countOpen(client: Client, names: readonly string[]): Promise<number> {
  const states: readonly JobState[] = ["available", "running"];
  const counts = await Promise.all(names.map((name) => client.jobs.count({ name, state: states })));
  return counts.reduce((sum, count) => sum + count.available + count.running, 0);
}
