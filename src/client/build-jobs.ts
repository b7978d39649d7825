import { checkOptions, isName, kindOf, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import type { EnqueueOptions } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { AnyJobDefinition, JobRequest } from "../core/job-request.ts";
import { type JobPlan, type NewJob, newJob, planJobs, planNamedJobs } from "../core/new-job.ts";
import type { Registry } from "../core/registry.ts";
import type { Route } from "../core/router.ts";

/** Where building a job reads the time, checks the names and finds the queue of one that names none. */
export interface BuildParts {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly route: Route;
}

/** What `enqueueMany` is to store: payloads of one definition, or requests of their own. */
export type Order =
  | {
      readonly definition: AnyJobDefinition;
      readonly payloads: readonly unknown[];
      readonly options: EnqueueOptions<never>;
    }
  | { readonly requests: readonly JobRequest[] };

/** The longest that checking many payloads keeps the event loop to itself. */
const turnMs = 5;

/** Looking at the clock after every job would cost a tenth of building it. */
const jobsPerLook = 16;

/**
 * Builds the record of one job from a definition, or from a name alone; a promise only when its schema is asynchronous.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DUPLICATE_DEFINITION`, `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function buildJob(
  { clock, registry, route }: BuildParts,
  target: AnyJobDefinition | string,
  payload: unknown,
  options: EnqueueOptions<never>,
): NewJob | Promise<NewJob> {
  if (typeof target === "string") {
    if (!isName(target)) throw invalid(`client.enqueue: a job's name must be ${rule.text.is}.`);
    refuseKnown(registry.find(target));
    return newJob(planNamedJobs(target, options, route), payload, clock.now());
  }
  checkDefinition(target, "client.enqueue takes a definition made by defineJob, or a job's name");
  registry.add(target);
  return newJob(planJobs(target, options, route), payload, clock.now());
}

/**
 * Builds the records of many jobs, all of the same moment, letting other work run in between.
 *
 * @throws {HoldfastError} what `buildJob` throws, with the job's position as `index` in the details.
 */
export async function buildJobs(parts: BuildParts, order: Order): Promise<NewJob[]> {
  const now = parts.clock.now();
  const { count, planOf, payloadOf } = itemsOf(parts, order);
  const jobs: NewJob[] = [];
  let turnBegan = performance.now();
  try {
    while (jobs.length < count) {
      const job = newJob(planOf(jobs.length), payloadOf(jobs.length), now);
      jobs.push(job instanceof Promise ? await job : job);
      if (jobs.length % jobsPerLook !== 0 || performance.now() - turnBegan < turnMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnBegan = performance.now();
    }
  } catch (error) {
    throw atIndex(error, jobs.length);
  }
  return jobs;
}

interface Items {
  readonly count: number;
  planOf(index: number): JobPlan;
  payloadOf(index: number): unknown;
}

/** Payloads of one definition share one plan, so its options are checked once. */
function itemsOf({ registry, route }: BuildParts, order: Order): Items {
  if ("requests" in order) {
    const { requests } = order;
    return {
      count: requests.length,
      planOf(index) {
        const { definition, options } = requests[index] as JobRequest;
        registry.add(definition);
        return planJobs(definition, options, route);
      },
      payloadOf: (index) => requests[index]?.payload,
    };
  }
  const { definition, payloads, options } = order;
  let plan: JobPlan | undefined;
  return {
    count: payloads.length,
    planOf() {
      if (plan === undefined) registry.add(definition);
      plan ??= planJobs(definition, options, route);
      return plan;
    },
    payloadOf: (index) => payloads[index],
  };
}

/**
 * The two forms of `enqueueMany`: many payloads of one definition, or requests of their own.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readOrder(
  first: unknown,
  payloads: unknown,
  options: EnqueueOptions<never>,
): Order {
  if (Array.isArray(first)) return { requests: checkRequests(first, options) };
  checkDefinition(first, "client.enqueueMany takes a definition and payloads, or requests");
  if (!Array.isArray(payloads)) {
    throw invalid(`client.enqueueMany takes an array of payloads; got ${kindOf(payloads)}.`);
  }
  if (options.idempotencyKey !== undefined && payloads.length > 1) {
    throw invalid(
      "client.enqueueMany: one idempotencyKey cannot name many jobs; give each its own with definition.request(payload, { idempotencyKey }).",
    );
  }
  return { definition: first, payloads, options };
}

function checkRequests(
  requests: readonly unknown[],
  options: EnqueueOptions<never>,
): readonly JobRequest[] {
  checkOptions("client.enqueueMany(requests)", options, { tx: rule.transaction });
  requests.forEach((request, index) => checkRequest(request, index));
  return requests as readonly JobRequest[];
}

function checkRequest(request: unknown, index: number): void {
  if (typeof request !== "object" || request === null || !("definition" in request)) {
    throw invalid(
      `client.enqueueMany: requests[${index}] is not made by definition.request(...); got ${kindOf(request)}.`,
    );
  }
  const { definition, options } = request as JobRequest;
  checkDefinition(definition, `client.enqueueMany: requests[${index}] needs a definition`);
  if (options?.tx !== undefined) {
    throw invalid(
      `client.enqueueMany: requests[${index}] has a tx of its own; all are stored together, so give tx to enqueueMany.`,
    );
  }
}

function checkDefinition(value: unknown, wanted: string): asserts value is AnyJobDefinition {
  const isDefinition =
    typeof value === "object" && value !== null && "policy" in value && "request" in value;
  if (!isDefinition) throw invalid(`${wanted}; got ${kindOf(value)}.`);
}

function atIndex(error: unknown, index: number): unknown {
  if (!(error instanceof HoldfastError)) return error;
  return new HoldfastError(error.code, `Job ${index} of enqueueMany: ${error.message}`, {
    details: { ...error.details, index },
    cause: error,
  });
}

function invalid(message: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", message);
}

/**
 * Refuses a name that a definition of another kind than plain has: by its name alone a job is neither the one of its key nor the one of
 * its name.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function refuseKnown(definition: AnyJobDefinition | undefined): void {
  if (definition === undefined || definition.kind === "plain") return;
  throw invalid(
    `client.enqueue: ${JSON.stringify(definition.name)} is a ${definition.kind} job; pass its definition instead of its name.`,
  );
}
