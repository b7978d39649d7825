import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkOptions, type OptionRule } from "./check-options.ts";
import {
  assembleDefinition,
  type InputOf,
  type JobHandler,
  type JobSettings,
  type OutputOf,
  type Schemas,
  settingRules,
} from "./define-job.ts";
import { HoldfastError } from "./errors.ts";
import type { JobContext, Reschedule } from "./job-context.ts";
import type { EnqueueableJob } from "./job-request.ts";
import type { EndlessRetryOptions } from "./retry-policy.ts";

/** What a resident job's definition may say beside its schema. */
export interface ResidentJobSettings extends Omit<JobSettings<never>, "unique" | "lane" | "retry"> {
  /** It is retried for ever; this is how. Default: 1 s to 1 h, factor 2, jitter 0.2. */
  readonly retry?: EndlessRetryOptions;
}

/** What the handler of a resident job is given: no way to end but to run again. */
export type ResidentContext<Services = unknown> = Omit<
  JobContext<never, Services>,
  "transaction" | "setResult" | "snooze" | "throttle" | "cancel" | "discard"
>;

/** The user's function of a resident job: it books the next run, and returns nothing else. */
export type ResidentHandlerFunction<Payload, Services> = (
  payload: Payload,
  job: ResidentContext<Services>,
) => Reschedule | Promise<Reschedule>;

/** A typed description of a resident job, made by `defineResidentJob`. */
export interface ResidentJobDefinition<Input, Payload = Input> extends EnqueueableJob<Input> {
  /** Binds the function that does the work. `Services` is what `createWorker` must then be given. */
  handler<Services = unknown>(
    run: ResidentHandlerFunction<Payload, Services>,
  ): JobHandler<Services, EnqueueableJob<Input>>;
}

/**
 * Describes the one job of its name that lives for ever: every run books the next, and failures are retried without limit.
 * Enqueueing it while it lives gives that job (`outcome: "existing"`, its own payload stays), so every process may do so as
 * it starts. Should it end all the same, cancelled, as `CRASH_LOOP` or with an invalid payload, its name is free and the
 * next enqueue makes a new one.
 *
 * A handler that ends in another way than by rescheduling has failed, and is retried.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option.
 * @example
 * ```ts
 * const sweeper = defineResidentJob<null>({ name: "sweeper" });
 * const handler = sweeper.handler(async (_payload, job) => job.rescheduleIn("10m"));
 * await client.enqueue(sweeper, null);
 * ```
 */
export function defineResidentJob<PayloadSchema extends StandardSchemaV1 | undefined = undefined>(
  options: ResidentJobSettings & { readonly payload?: PayloadSchema },
): ResidentJobDefinition<InputOf<PayloadSchema>, OutputOf<PayloadSchema>>;
export function defineResidentJob<Input>(
  options: ResidentJobSettings,
): ResidentJobDefinition<Input>;
export function defineResidentJob(
  options: ResidentJobSettings & Pick<Schemas, "payload">,
): ResidentJobDefinition<unknown> {
  checkOptions("defineResidentJob", options, rules);
  const { retry, ...settings } = options;
  if (typeof retry === "object" && "attempts" in retry) throw unlimited();
  const forEver = { ...settings, retry: { ...retry, attempts: "unlimited" } as const };
  const unique = { key: "resident", while: "unfinished", onConflict: "skip" } as const;
  return assembleDefinition("defineResidentJob", { ...forEver, unique }, "resident");
}

const rules: Readonly<Record<string, OptionRule>> = {
  ...Object.fromEntries(Object.entries(settingRules).filter(([name]) => name !== "result")),
  retry: {
    is: "an object without attempts: a resident job is retried for ever",
    test: (value) => typeof value === "object" && value !== null,
  },
};

function unlimited(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "defineResidentJob: retry takes no attempts, because a resident job is retried for ever.",
  );
}
