import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type BatchOptions, batchPlan } from "./batch-options.ts";
import type { BatchHandler, BatchHandlerFunction } from "./batch.ts";
import { checkOptions, isWhole, type OptionRule, rule } from "./check-options.ts";
import type { Duration } from "./duration.ts";
import { jobSettingRules } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import type { Ending, JobContext } from "./job-context.ts";
import type { AnyJobDefinition, EnqueueableJob, JobKind } from "./job-request.ts";
import { type LaneFunction, type LimitOptions, limitsRule, readLimits } from "./limit-options.ts";
import { type BackoffFunction, type RetryOptions, retryPolicy } from "./retry-policy.ts";
import { checkUnique, type UniqueOptions } from "./unique.ts";

/** The version of a payload's shape, and how to bring an older payload up to it. */
export interface PayloadVersion {
  /** From 1; raise it when the shape changes. Workers leave jobs of newer versions alone. */
  readonly number: number;
  /** Turns a payload of an older version into today's input. */
  readonly upgrade?: (payload: unknown, version: number) => unknown;
}

/** What every definition may say beside its schemas. */
export interface JobSettings<Input> {
  /** Unique among the definitions of an application; at most 255 characters. */
  readonly name: string;
  readonly version?: PayloadVersion;
  /** Default `"default"`. */
  readonly queue?: string;
  /** 0 to 9, lower runs first; default 5. */
  readonly priority?: number;
  /** How long one attempt may take; default `"1h"`. */
  readonly timeout?: Duration | "none";
  /** Default: 20 attempts, 1 s to 1 h, factor 2, jitter 0.2. */
  readonly retry?: RetryOptions;
  readonly unique?: UniqueOptions<Input>;
  /** At most one job of a lane is let in at a time, across names, queues and processes, oldest first. */
  readonly lane?: LaneFunction<Input>;
  /** How many may be let in at once (`concurrent`) or in a while (`rate`), over all processes; at most 8. */
  readonly limits?: readonly LimitOptions<Input>[];
  /** Words to find the job by. */
  readonly tags?: readonly string[];
}

/** What a schema takes; `unknown` without one. */
export type InputOf<Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Schema>
  : unknown;
/** What a schema gives; `unknown` without one. */
export type OutputOf<Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : unknown;

/** What a handler may hand back, now or later. */
export type HandlerReturn<Result> = Result | Ending | Promise<Result | Ending>;

/** The user's function: validated payload in, result out. */
export type HandlerFunction<Payload, ResultInput, Services> = (
  payload: Payload,
  job: JobContext<ResultInput, Services>,
) => HandlerReturn<ResultInput>;

/** A definition together with the function that does its work, ready for `createWorker`. */
export interface JobHandler<
  in Services = unknown,
  out Definition extends AnyJobDefinition = AnyJobDefinition,
> {
  readonly definition: Definition;
  readonly run: (payload: unknown, job: JobContext<unknown, Services>) => unknown;
}

/** A typed description of one kind of job, made by `defineJob`. Producers import it without the handler's dependencies. */
export interface JobDefinition<Input, Payload = Input, ResultInput = unknown, Result = ResultInput>
  extends EnqueueableJob<Input, Result> {
  /** Binds the function that does the work. `Services` is what `createWorker` must then be given. */
  handler<Services = unknown>(
    run: HandlerFunction<Payload, ResultInput, Services>,
  ): JobHandler<Services, EnqueueableJob<Input, Result>>;
  /**
   * Binds a function that does the work of many jobs at once. Jobs on their first attempt come together, up to `size`; one that
   * is tried again comes alone.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * const index = shipOrder.batchHandler({ size: 100, linger: "20ms" }, async (batch) => {
   *   await batch.transaction((tx) =>
   *     batch.isolated(tx, async ({ payload }) => {
   *       await tx.query("UPDATE orders SET shipped = true WHERE id = $1", [payload.orderId]);
   *     }),
   *   );
   * });
   * ```
   */
  batchHandler<Services = unknown>(
    options: BatchOptions,
    run: BatchHandlerFunction<Payload, ResultInput, Services>,
  ): BatchHandler<Services>;
}

/**
 * Describes one kind of job: its name, the schemas of its payload and result (any Standard Schema library), and how it
 * is queued, retried and kept unique. Types flow from here to `enqueue`, the handler and `result()`.
 *
 * Without schemas, give the types: `defineJob<{ email: string }, void>({ name: "send-welcome" })`.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option.
 * @example
 * ```ts
 * import { z } from "zod";
 *
 * const sendWelcome = defineJob({
 *   name: "send-welcome",
 *   payload: z.object({ email: z.email() }),
 *   result: z.object({ messageId: z.string() }),
 *   retry: { attempts: 5 },
 * });
 * ```
 */
export function defineJob<
  PayloadSchema extends StandardSchemaV1 | undefined = undefined,
  ResultSchema extends StandardSchemaV1 | undefined = undefined,
>(
  options: JobSettings<InputOf<PayloadSchema>> & {
    readonly payload?: PayloadSchema;
    readonly result?: ResultSchema;
  },
): JobDefinition<
  InputOf<PayloadSchema>,
  OutputOf<PayloadSchema>,
  InputOf<ResultSchema>,
  OutputOf<ResultSchema>
>;
export function defineJob<Input, Result = unknown>(
  options: JobSettings<Input>,
): JobDefinition<Input, Input, Result, Result>;
export function defineJob(options: JobSettings<never> & Schemas): JobDefinition<unknown> {
  checkOptions("defineJob", options, { ...settingRules, unique: rule.object, lane: rule.function });
  if (options.unique !== undefined) checkUnique(options.unique);
  return assembleDefinition("defineJob", options, "plain");
}

/** The schemas of a definition, whatever their types. */
export interface Schemas {
  readonly payload?: StandardSchemaV1;
  readonly result?: StandardSchemaV1;
}

/**
 * Makes a definition of settings whose names and types are checked already.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what remains to be checked.
 */
export function assembleDefinition(
  where: string,
  options: JobSettings<never> & Schemas,
  kind: JobKind,
  inheritState = false,
): JobDefinition<unknown> {
  if (options.name === undefined) {
    throw new HoldfastError("INVALID_OPTION", `${where} needs a name.`);
  }
  if (options.version !== undefined) checkVersion(options.version);
  const definition: JobDefinition<unknown> = {
    kind,
    name: options.name,
    version: options.version?.number ?? 1,
    upgrade: options.version?.upgrade,
    payload: options.payload,
    result: options.result,
    queue: options.queue,
    priority: options.priority,
    policy: retryPolicy(options.retry, options.timeout),
    backoff: backoffFunction(options.retry),
    unique: options.unique,
    inheritState,
    lane: options.lane,
    limits: readLimits(options.name, options.limits ?? []),
    tags: options.tags ?? [],
    handler: (run) => ({ definition, run }),
    batchHandler(given, run) {
      if (kind === "resident") throw alwaysAlone(options.name);
      return { definition, plan: batchPlan(given, run), runBatch: run };
    },
    request: (payload, requestOptions = {}) => ({ definition, payload, options: requestOptions }),
  };
  return Object.freeze(definition);
}

function alwaysAlone(name: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `${JSON.stringify(name)} is a resident job, the only one of its name, so there is never a batch of them; use handler.`,
  );
}

const schemaRule: OptionRule = {
  is: "a schema of a Standard Schema library (zod, valibot, arktype, ...)",
  test: (value) =>
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "~standard" in value,
};

/** The rules of what every kind of definition may say. */
export const settingRules: Readonly<Record<string, OptionRule>> = {
  name: rule.text,
  payload: schemaRule,
  result: schemaRule,
  version: rule.object,
  ...jobSettingRules,
  timeout: rule.any,
  limits: limitsRule,
  retry: {
    is: '"none" or an object',
    test: (value) => value === "none" || rule.object.test(value),
  },
};

const versionRules: Readonly<Record<string, OptionRule>> = {
  number: { is: "a whole number from 1", test: (value) => isWhole(value, 1, 2_147_483_647) },
  upgrade: rule.function,
};

function checkVersion(version: PayloadVersion): void {
  checkOptions("version", version, versionRules);
  if (version.number === undefined) {
    throw new HoldfastError("INVALID_OPTION", "version needs a number, 1 for the first.");
  }
}

function backoffFunction(retry: RetryOptions | undefined): BackoffFunction | undefined {
  const backoff = typeof retry === "object" ? retry.backoff : undefined;
  return typeof backoff === "function" ? backoff : undefined;
}
