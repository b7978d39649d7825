import type { ClaimedJob } from "../core/claimed-job.ts";
import { asCurrentJob } from "../service/job-scope.ts";
import type { Engine } from "../service/engine.ts";
import { createAbort } from "./abort.ts";
import type { SingleAttempt } from "./attempt.ts";
import { tellStart } from "./attempt-channels.ts";
import { type ContextParts, createContext, type Patch } from "./context.ts";
import { createDeadlineWatch, type Deadline, type DeadlineWatch } from "./deadline.ts";
import { createEndingLatch } from "./ending-latch.ts";
import { type AttemptEnding, execute } from "./executor.ts";
import { withinGrace } from "./grace.ts";
import type { HandlerBook } from "./handler-book.ts";
import type { OrderBook } from "./order-book.ts";
import { allowedEnding } from "./resident-ending.ts";
import { releaseJob, settleAttempt } from "./settle-attempt.ts";
import type { Settler } from "./settler.ts";
import type { Slots } from "./slots.ts";
import { monotonicNow, type VitalSigns } from "./vital-signs.ts";

/** What a session lends to its attempts. */
export interface AttemptRunnerParts {
  readonly engine: Engine;
  readonly handlers: Pick<HandlerBook, "get">;
  readonly slots: Slots;
  readonly settler: Settler;
  readonly vitalSigns: VitalSigns;
  readonly context: ContextParts;
  readonly graceMs: number;
  readonly random: () => number;
  readonly backoffOf: OrderBook["backoffOf"];
}

/** Takes claimed jobs to their settled ends. Its promises never reject. */
export interface AttemptRunner {
  /** Runs the job's handler in a slot; resolves when the slot is free again. */
  run(job: ClaimedJob): Promise<void>;
  /** Gives back a job whose handler has not started. */
  release(job: ClaimedJob): Promise<void>;
}

interface Lent extends AttemptRunnerParts {
  readonly deadlines: DeadlineWatch;
  readonly patch: Patch;
}

/** The runner of one session. */
export function createAttemptRunner(parts: AttemptRunnerParts): AttemptRunner {
  const { clock, storage } = parts.engine;
  const lent: Lent = {
    ...parts,
    deadlines: createDeadlineWatch(clock),
    patch: (lease, patch) => storage.patchJob(lease, patch),
  };
  return {
    run: (job) => runJob(job, lent),
    release: (job) => releaseJob(job, lent).catch((error: unknown) => report(job, error, lent)),
  };
}

async function runJob(job: ClaimedJob, lent: Lent): Promise<void> {
  const { clock, telemetry } = lent.engine;
  const abort = createAbort();
  const ending = createEndingLatch(clock);
  const slot = lent.slots.take({ lease: job.lease, queue: job.queue, abort, ending });
  const handler = lent.handlers.get(job.name);
  const span = handler === undefined ? undefined : telemetry?.attempt(job);
  let deadline: Deadline | undefined;
  try {
    if (handler === undefined) return await releaseJob(job, lent);
    const attempt: SingleAttempt = { job, handler, abort, ending, clock, began: clock.now(), span };
    let end = runAttempt(attempt, slot.index, lent);
    if (end instanceof Promise) {
      // What is over at once needs no deadline.
      deadline = lent.deadlines.begin(abort, job.policy.timeoutMs, attempt.began);
      end = await end;
      deadline?.end(abort);
    }
    await settleAttempt(attempt, allowedEnding(attempt, end), lent);
  } catch (error) {
    report(job, error, lent);
  } finally {
    deadline?.end(abort);
    span?.end();
    lent.vitalSigns.leave(slot.index);
    slot.free();
  }
}

function runAttempt(
  attempt: SingleAttempt,
  slot: number,
  lent: Lent,
): AttemptEnding | Promise<AttemptEnding> {
  const { lease, policy } = attempt.job;
  const over =
    policy.timeoutMs === null ? Number.POSITIVE_INFINITY : monotonicNow() + policy.timeoutMs;
  lent.vitalSigns.enter(slot, lease.id, over);
  const context = createContext(attempt, lent.context, lent.patch);
  tellStart(attempt);
  const { span } = attempt;
  const ended =
    span === undefined
      ? asCurrentJob(context, execute, attempt, context)
      : span.run(() => asCurrentJob(context, execute, attempt, context));
  return ended instanceof Promise ? withinGrace(attempt, ended, lent.graceMs, context) : ended;
}

function report(job: ClaimedJob, error: unknown, { engine }: Lent): void {
  engine.logger.error(
    { job: job.lease.id, name: job.name, error },
    "could not settle; the job comes back when this worker has gone",
  );
}
