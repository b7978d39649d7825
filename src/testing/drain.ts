import type { Client } from "../core/client.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { WorkerOptions } from "../runtime/worker-options.ts";
import { fireDueTicks } from "../runtime/fire-ticks.ts";
import { assembleWorker } from "../runtime/worker.ts";
import { engineOf } from "../service/engine.ts";
import { inOrder } from "./in-order.ts";
import { isManualClock, type ManualClock } from "./manual-clock.ts";
import { nextEvents, promoteDue } from "./next-event.ts";
import { areIdle } from "./open-jobs.ts";

/** What to work with, and how long it may take. */
export interface RunOptions<Services> extends WorkerOptions<Services> {
  /** Real time after which it gives up; default `"10s"`. */
  readonly giveUpAfter?: Duration;
  /** Jobs running at once; default 1, so that they run one after the other. */
  readonly concurrency?: number;
}

/** What to work with, how far to move the clock, and how long it may take. */
export interface DrainOptions<Services> extends RunOptions<Services> {
  /**
   * How far the clock is moved: what falls due in this time is worked and the rest left, ticks of schedules as well, and the clock
   * ends there. Without it every job is worked to its end, and schedules tick as far as that takes.
   */
  readonly within?: Duration;
}

const lookEveryMs = 5;

/** In the middle of every jitter, so that a retry comes exactly after its backoff. */
const withoutJitter = (): number => 0.5;

/**
 * Fires the ticks that are due now and works every job that is, and the jobs those enqueue, through a real worker; resolves when
 * none is left.
 * Jobs put off to later, those of a queue that is cooling down, and those a rate does not let in yet, stay where they are.
 *
 * Jobs start in one order every time: queues by their names, in a queue by priority, then in the order they became available.
 *
 * @throws {HoldfastError} `WAIT_TIMEOUT` when it is not idle in time.
 */
export async function runUntilIdle<Services = unknown>(
  client: Client,
  options: RunOptions<Services>,
): Promise<void> {
  await working(client, options, (work) => untilIdle(work));
}

/**
 * Works every job to its end: what is due now, then what is due later or let in later by a rate, moving the client's manual
 * clock to each such time as it comes, so that delays and retries of hours pass in milliseconds. Jobs start in the order of
 * `runUntilIdle`, and retries have no jitter.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the client has no manual clock, `WAIT_TIMEOUT`.
 * @example
 * ```ts
 * await drain(client, { handlers: [welcome], within: "24h" });
 * ```
 */
export async function drain<Services = unknown>(
  client: Client,
  { within, ...options }: DrainOptions<Services>,
): Promise<void> {
  const clock = manualClockOf(client);
  const end =
    within === undefined
      ? Number.POSITIVE_INFINITY
      : clock.now() + parseDuration(within, "drain: within");
  await working(client, options, async (work) => {
    for (;;) {
      await untilIdle(work);
      const { jobs, tick } = await nextEvents(client, work.names);
      // Schedules never come to an end: without one of its own, time goes on only as far as jobs take it.
      if (Math.min(jobs, end) === Number.POSITIVE_INFINITY) break;
      const next = Math.min(jobs, tick);
      if (next > end) break;
      refuseOverdue(work);
      await clock.advanceTo(Math.max(next, clock.now()));
    }
  });
  if (end < Number.POSITIVE_INFINITY) await clock.advanceTo(end);
}

function manualClockOf(client: Client): ManualClock {
  const { clock } = engineOf(client);
  if (isManualClock(clock)) return clock;
  throw new HoldfastError(
    "INVALID_OPTION",
    "drain moves the client's clock: create the client with clock: createManualClock().",
  );
}

interface Work {
  readonly client: Client;
  readonly names: readonly string[];
  /** By the monotonic clock. */
  readonly deadline: number;
}

async function working<Services>(
  client: Client,
  { giveUpAfter = "10s", ...options }: RunOptions<Services>,
  run: (work: Work) => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + parseDuration(giveUpAfter, "giveUpAfter");
  const engine = engineOf(client);
  const worker = assembleWorker<Services>(
    client,
    // Whoever gives up has waited long enough.
    { poll: "10ms", concurrency: 1, drain: 0, grace: "1s", ...options },
    { engine: { ...engine, storage: inOrder(engine.storage) }, random: withoutJitter },
  );
  const names = options.handlers.map((handler) => handler.definition.name);
  await worker.start();
  try {
    await run({ client, names, deadline });
  } finally {
    await worker.stop();
  }
}

async function untilIdle(work: Work): Promise<void> {
  const { client, names } = work;
  for (;;) {
    const now = client.clock.now();
    const ticking = await fireDueTicks(engineOf(client));
    const { more, nextDueAt } = await promoteDue(client);
    // A due job that stays behind is in the hands of another promoter.
    const promoting = more || (nextDueAt !== null && nextDueAt <= now);
    const firing = ticking.left || ticking.fired > 0;
    if (!promoting && !firing && (await areIdle(client, names))) return;
    refuseOverdue(work);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function refuseOverdue({ deadline }: Work): void {
  if (performance.now() <= deadline) return;
  throw new HoldfastError(
    "WAIT_TIMEOUT",
    "Jobs were still available or running, or booked for later again: is a handler waiting for something, is their queue paused or not served, or does one reschedule itself (then give drain a within)?",
  );
}
