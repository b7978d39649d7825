import { countedAttempt } from "../core/backoff.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { JobHandler } from "../core/define-job.ts";
import type { Engine } from "../service/engine.ts";
import { createAbort } from "./abort.ts";
import type { Attempt } from "./attempt.ts";
import { type ContextParts, createContext } from "./context.ts";
import { raceDeadline } from "./deadline.ts";
import { createEndingLatch } from "./ending-latch.ts";
import { execute } from "./executor.ts";
import { releaseJob, settleAttempt } from "./settle-attempt.ts";
import type { Settler } from "./settler.ts";
import type { Slot, Slots } from "./slots.ts";
import { monotonicNow, type VitalSigns } from "./vital-signs.ts";

/** What a session lends to its attempts. */
export interface AttemptRunnerParts {
  readonly engine: Engine;
  readonly handlers: ReadonlyMap<string, JobHandler<never>>;
  readonly slots: Slots;
  readonly settler: Settler;
  readonly vitalSigns: VitalSigns;
  readonly context: ContextParts;
  readonly graceMs: number;
  readonly random: () => number;
}

/** Takes claimed jobs to their settled ends. Its promises never reject. */
export interface AttemptRunner {
  /** Runs the job's handler in a slot; resolves when the slot is free again. */
  run(job: ClaimedJob): Promise<void>;
  /** Gives back a job whose handler has not started. */
  release(job: ClaimedJob): Promise<void>;
}

/** The runner of one session. */
export function createAttemptRunner(parts: AttemptRunnerParts): AttemptRunner {
  return {
    run: (job) => runJob(job, parts),
    release: (job) => releaseJob(job, parts).catch((error: unknown) => report(job, error, parts)),
  };
}

async function runJob(job: ClaimedJob, parts: AttemptRunnerParts): Promise<void> {
  const { clock, storage } = parts.engine;
  const abort = createAbort();
  const ending = createEndingLatch(clock);
  const slot = parts.slots.take({ lease: job.lease, queue: job.queue, abort, ending });
  const handler = parts.handlers.get(job.name);
  try {
    if (handler === undefined) return await releaseJob(job, parts);
    const began = clock.now();
    const attempt: Attempt = {
      job,
      handler,
      abort,
      ending,
      began,
      counted: () => countedAttempt(job.policy, job.attempt, clock.now() - began, job.backoffMs),
      patch: (patch) => storage.patchJob(job.lease, patch),
    };
    await runAttempt(attempt, slot, parts);
  } catch (error) {
    report(job, error, parts);
  } finally {
    parts.vitalSigns.leave(slot.index);
    slot.free();
  }
}

async function runAttempt(attempt: Attempt, slot: Slot, parts: AttemptRunnerParts): Promise<void> {
  const { timeoutMs } = attempt.job.policy;
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : monotonicNow() + timeoutMs;
  parts.vitalSigns.enter(slot.index, attempt.job.lease.id, deadline);
  const context = createContext(attempt, parts.context);
  const ending = await raceDeadline(attempt, execute(attempt, context, context.log), {
    clock: parts.engine.clock,
    graceMs: parts.graceMs,
    log: context.log,
  });
  await settleAttempt(attempt, ending, parts);
}

function report(job: ClaimedJob, error: unknown, { engine }: AttemptRunnerParts): void {
  engine.logger.error(
    { job: job.lease.id, name: job.name, error },
    "could not settle; the job comes back when this worker has gone",
  );
}
