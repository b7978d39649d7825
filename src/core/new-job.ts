import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { AnyJobDefinition } from "./job-request.ts";
import { isName, rule } from "./check-options.ts";
import { defaultRetryPolicy, defaults } from "./defaults.ts";
import { checkEnqueueOptions, dueAt, type EnqueueOptions } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import { type IdempotencyClaim, idempotencyClaim } from "./idempotency.ts";
import { type Gate, type GatePlan, gatesOf } from "./gate.ts";
import { encodeJson, type JsonRole } from "./json.ts";
import { plainValue } from "./json-text.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import { defaultRoute, type Route } from "./router.ts";
import { type UniqueClaim, type UniqueOptions, uniqueClaim } from "./unique.ts";
import { validate } from "./validate.ts";

/** A job about to be stored. Times are milliseconds since the epoch; the payload is JSON text. */
export interface NewJob {
  readonly name: string;
  readonly version: number;
  readonly queue: string;
  readonly priority: number;
  readonly payload: string;
  readonly createdAt: number;
  /** Equal to `createdAt` when it is due at once. */
  readonly runAt: number;
  readonly policy: RetryPolicy;
  readonly unique: UniqueClaim | null;
  readonly tags: readonly string[];
  /** Names the request that made it; few jobs have one. */
  readonly idempotency?: IdempotencyClaim;
  /** What it has to be let in through, sorted; few jobs have any. */
  readonly gates?: readonly Gate[];
  /** The trace it is enqueued in, as `core/trace.ts` writes it. */
  readonly trace?: string;
}

const payloadRole: JsonRole = {
  called: "payload",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.payloadBytes,
};

/**
 * A payload as it is stored.
 *
 * @throws {HoldfastError} `PAYLOAD_INVALID` by path, `PAYLOAD_TOO_LARGE`.
 */
export function encodePayload(input: unknown): string {
  return encodeJson(input, payloadRole);
}

/** What the jobs of one definition and one set of options have in common. */
export interface JobPlan extends GatePlan {
  readonly name: string;
  readonly version: number;
  readonly schema: StandardSchemaV1 | undefined;
  readonly queue: string;
  readonly priority: number;
  readonly policy: RetryPolicy;
  readonly unique: UniqueOptions<never> | undefined;
  readonly inheritState: boolean;
  readonly tags: readonly string[];
  readonly options: EnqueueOptions<never>;
}

/**
 * Checks the options once for any number of jobs.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function planJobs(
  definition: AnyJobDefinition,
  options: EnqueueOptions<never>,
  route: Route = defaultRoute,
): JobPlan {
  checkEnqueueOptions(options);
  if (definition.kind !== "plain") refuseForKey(definition, options);
  return {
    name: definition.name,
    version: definition.version,
    schema: definition.payload,
    queue: options.queue ?? definition.queue ?? route(definition.name),
    priority: options.priority ?? definition.priority ?? defaults.priority,
    policy: definition.policy,
    unique: options.unique === undefined ? definition.unique : (options.unique ?? undefined),
    inheritState: definition.inheritState,
    lane: options.lane ?? definition.lane,
    limits: definition.limits,
    tags: joinTags(definition.tags, options.tags),
    options,
  };
}

/**
 * The plan for jobs known by name only, unchecked by any schema.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function planNamedJobs(
  name: string,
  options: EnqueueOptions<never>,
  route: Route = defaultRoute,
): JobPlan {
  if (!isName(name)) {
    throw new HoldfastError("INVALID_OPTION", `enqueue: the job's name must be ${rule.text.is}.`);
  }
  checkEnqueueOptions(options);
  return {
    name,
    version: 1,
    schema: undefined,
    queue: options.queue ?? route(name),
    priority: options.priority ?? defaults.priority,
    policy: defaultRetryPolicy,
    unique: options.unique ?? undefined,
    inheritState: false,
    lane: options.lane,
    limits: noLimits,
    tags: joinTags(none, options.tags),
    options,
  };
}

/**
 * Builds the record to store: validates the input through the schema and writes **the input** as JSON. At once, unless
 * the schema is asynchronous.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `PAYLOAD_INVALID` by path, `PAYLOAD_TOO_LARGE`.
 */
export function newJob(plan: JobPlan, input: unknown, now: number): NewJob | Promise<NewJob> {
  if (plan.schema === undefined) return build(plan, input, now);
  const checked = validate(
    plan.schema,
    plainValue(input),
    `payload of ${plan.name}`,
    "PAYLOAD_INVALID",
  );
  return checked instanceof Promise
    ? checked.then(() => build(plan, input, now))
    : build(plan, input, now);
}

function build(plan: JobPlan, input: unknown, now: number): NewJob {
  const job: NewJob = {
    name: plan.name,
    version: plan.version,
    queue: plan.queue,
    priority: plan.priority,
    payload: encodePayload(input),
    createdAt: now,
    runAt: dueAt(plan.options, now),
    policy: plan.policy,
    unique: plan.unique === undefined ? null : claimOf(plan, plan.unique, plainValue(input), now),
    tags: plan.tags,
  };
  const { idempotencyKey } = plan.options;
  const gates = gatesOf(plan, plainValue(input));
  return withKey(gates === undefined ? job : { ...job, gates }, idempotencyKey);
}

/** Most jobs are left as they are: copying one costs more than making it. */
function withKey(job: NewJob, key: EnqueueOptions["idempotencyKey"]): NewJob {
  return key === undefined ? job : { ...job, idempotency: idempotencyClaim(key) };
}

function claimOf(
  plan: JobPlan,
  unique: UniqueOptions<never>,
  input: unknown,
  now: number,
): UniqueClaim {
  const claim = uniqueClaim(unique, input, now);
  return plan.inheritState ? { ...claim, inheritState: true } : claim;
}

/** Its definition says how it is unique, and that is all the exclusion there is: one job per key is alive. */
function refuseForKey(
  { kind, name }: AnyJobDefinition,
  { unique, lane }: EnqueueOptions<never>,
): void {
  const option = unique !== undefined ? "unique" : lane !== undefined ? "lane" : undefined;
  if (option === undefined) return;
  throw new HoldfastError(
    "INVALID_OPTION",
    `enqueue: ${JSON.stringify(name)} is a ${kind} job, whose definition says how it is unique; leave ${option} out.`,
    { details: { option } },
  );
}

const noLimits: readonly never[] = Object.freeze([]);

/** One object for all: what stores them sees at a glance that many jobs agree. */
const none: readonly string[] = Object.freeze([]);

function joinTags(own: readonly string[], more: readonly string[] = none): readonly string[] {
  return own.length + more.length === 0 ? none : [...own, ...more];
}
