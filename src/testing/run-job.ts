import { assembleClient } from "../client/client.ts";
import { checkOptions, kindOf, type OptionRule, rule } from "../core/check-options.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Client } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import type { JobHandler } from "../core/define-job.ts";
import { type EnqueueOptions, jobSettingRules } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { EnqueueableJob } from "../core/job-request.ts";
import { encodeJson, type JsonRole } from "../core/json.ts";
import { type NewJob, newJob, planJobs } from "../core/new-job.ts";
import { defaultRoute } from "../core/router.ts";
import { tickTags } from "../core/schedule-tags.ts";
import type { Transaction } from "../core/transaction.ts";
import { type AttemptRunner, createAttemptRunner } from "../runtime/attempt-runner.ts";
import { createHandlerBook } from "../runtime/handler-book.ts";
import { createOrderBook } from "../runtime/order-book.ts";
import { runnerParts } from "../runtime/services.ts";
import { createSettler } from "../runtime/settler.ts";
import { createSlots, type Slots } from "../runtime/slots.ts";
import { createVitalSigns } from "../runtime/vital-signs.ts";
import { isHandler, workerSettings } from "../runtime/worker-options.ts";
import { engineOf } from "../service/engine.ts";
import { type JobRun, readRun } from "./job-run.ts";
import { createLogRecord } from "./log-record.ts";
import { createManualClock } from "./manual-clock.ts";
import { recordingStorage } from "./recording-storage.ts";

/** The job that a handler is given to run, and what it may use. */
export interface RunJobOptions<Services = unknown> {
  /** Given to the handler as `job.services`. */
  readonly services?: Services;
  /** The number of the attempt; default 1. The last one of the retry policy ends the job when it fails. */
  readonly attempt?: number;
  /** What `job.state` holds at first, as stored by an earlier attempt. */
  readonly checkpoint?: unknown;
  /** Default the definition's. */
  readonly queue?: string;
  /** Beside the definition's. */
  readonly tags?: readonly string[];
  /** The tick of a schedule that makes the job, as `job.tick` tells of it. */
  readonly tick?: { readonly schedule: string; readonly at: Date | number };
  /** Default a manual clock of its own, so that no time passes. */
  readonly clock?: Clock;
  /** Aborting it asks the running job to stop, as `client.jobs.cancel` does; a reason that is text is the `why`. */
  readonly signal?: AbortSignal;
  /** What `job.transaction` and `client.transaction` give their functions; default one that refuses every query. */
  readonly tx?: Transaction;
}

/**
 * Runs a handler once, without a database, through the very code a worker uses: the payload is checked, the handler gets a
 * context that can do all a real one can, and its end is decided by the real rules. Nothing is stored; the run says what would
 * have been.
 *
 * It knows no other job. A call that only a database could answer, such as `job.client.jobs.get`, is refused with
 * `INVALID_OPTION`, and no unique key is ever held.
 *
 * @throws {HoldfastError} `INVALID_OPTION`; `PAYLOAD_INVALID` and `PAYLOAD_TOO_LARGE` as `enqueue` does. What the handler throws
 * is in the run.
 * @example
 * ```ts
 * import { runJob } from "holdfast/testing";
 *
 * const greet = greeting.handler(async ({ email }, job) => {
 *   await job.enqueue(sendWelcome, { email }, { delay: "1h" });
 *   return `Welcome, ${email}!`;
 * });
 * const run = await runJob(greet, { email: "ada@example.com" });
 * console.log(run.result, run.enqueued[0]?.payload);
 * ```
 */
export async function runJob<Input, Result, Services = unknown>(
  handler: JobHandler<NoInfer<Services>, EnqueueableJob<Input, Result>>,
  payload: NoInfer<Input>,
  options: RunJobOptions<Services> = {},
): Promise<JobRun<Result>> {
  if (!isHandler(handler)) throw notHandler(handler);
  checkOptions("runJob", options, rules);
  const { clock = createManualClock(), tx, signal } = options;
  const { storage, written } = recordingStorage(tx);
  const { logger, lines } = createLogRecord();
  const client = assembleClient({
    storage,
    clock,
    logger,
    route: defaultRoute,
    release: async () => {},
  });

  const plan = planJobs(handler.definition, enqueueOptions(options));
  const built = newJob(plan, payload, clock.now());
  const job = claimed(built instanceof Promise ? await built : built, options);
  const { runner, slots } = stage<Services>(handler, client, options.services);
  await untilEnded(() => runner.run(job), slots, signal);
  // What the handler left running is over, too.
  await client.close();
  return readRun<Result>(written(), job.checkpoint, lines);
}

const rules: Readonly<Record<keyof RunJobOptions, OptionRule>> = {
  services: rule.any,
  attempt: rule.count,
  checkpoint: rule.any,
  queue: jobSettingRules.queue,
  tags: jobSettingRules.tags,
  tick: {
    is: "a schedule's name and a moment, { schedule, at }",
    test: (value) =>
      typeof value === "object" && value !== null && "schedule" in value && "at" in value,
  },
  clock: rule.object,
  signal: { is: "an AbortSignal", test: (value) => value instanceof AbortSignal },
  tx: rule.object,
};

function notHandler(value: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `runJob takes a handler made by definition.handler(...); got ${kindOf(value)}.`,
  );
}

function enqueueOptions({ queue, tags }: RunJobOptions): EnqueueOptions<never> {
  return { ...(queue === undefined ? {} : { queue }), ...(tags === undefined ? {} : { tags }) };
}

const checkpointRole: JsonRole = {
  called: "checkpoint",
  invalid: "INVALID_OPTION",
  maxBytes: defaults.payloadBytes,
};

/** The job as a claim would bring it. */
function claimed(job: NewJob, { attempt = 1, checkpoint, tick }: RunJobOptions): ClaimedJob {
  const { name, version, queue, payload, policy, createdAt, runAt, tags } = job;
  const ticked = tick === undefined ? [] : tickTags(tick.schedule, Number(tick.at));
  return {
    lease: { id: "1", owner: "1", run: attempt },
    name,
    version,
    queue,
    payload,
    checkpoint: checkpoint === undefined ? null : encodeJson(checkpoint, checkpointRole),
    attempt,
    crashes: 0,
    started: true,
    createdAt,
    runAt,
    claimedAt: createdAt,
    backoffMs: 0,
    policy,
    attempts: [],
    tags: [...tags, ...ticked],
    gates: [],
    trace: null,
  };
}

interface Stage {
  readonly runner: AttemptRunner;
  readonly slots: Slots;
}

/** All of a worker that one attempt needs. */
function stage<Services>(
  handler: JobHandler<Services>,
  client: Client,
  services: Services | undefined,
): Stage {
  const engine = engineOf(client);
  const given = services === undefined ? {} : { services };
  const settings = workerSettings<Services>({ handlers: [handler], ...given });
  const handlers = createHandlerBook(settings.handlers, settings.queues, engine.route);
  const slots = createSlots(1, handlers.queues());
  const settler = createSettler({ ...engine, concurrency: 1, partner: () => undefined });
  const orders = createOrderBook();
  const session = { client, engine, settings, handlers, orders, bootId: "test", random: () => 0.5 };
  const lent = { slots, settler, vitalSigns: createVitalSigns(1) };
  const runner = createAttemptRunner(
    runnerParts({ ...session, replaces: undefined, onLost() {}, onDrain() {} }, "1", lent),
  );
  return { runner, slots };
}

/** Runs it to its end, and asks its job to stop when the signal says so. */
async function untilEnded(
  run: () => Promise<void>,
  slots: Slots,
  signal: AbortSignal | undefined,
): Promise<void> {
  function cancel(): void {
    const why: unknown = signal?.reason;
    const message = typeof why === "string" ? why : "Cancelled on request.";
    for (const { abort } of slots.running()) abort.abort({ kind: "cancel", message });
  }
  signal?.addEventListener("abort", cancel, { once: true });
  const running = run();
  // A signal that had aborted before tells nobody.
  if (signal?.aborted === true) cancel();
  await running.finally(() => signal?.removeEventListener("abort", cancel));
}
