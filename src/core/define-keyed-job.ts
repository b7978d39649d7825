import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkOptions, type OptionRule, rule } from "./check-options.ts";
import {
  assembleDefinition,
  type InputOf,
  type JobDefinition,
  type JobSettings,
  type OutputOf,
  type Schemas,
  settingRules,
} from "./define-job.ts";
import { checkUnique, type UniqueKey } from "./unique.ts";

/** What a keyed job's definition may say beside its schemas. */
export interface KeyedJobSettings<Input> extends Omit<JobSettings<Input>, "unique" | "lane"> {
  /** What the job is for: one job per key is unfinished at a time. A value or a function of the stored payload. */
  readonly key: UniqueKey<Input>;
  /** True to begin each job with the last `job.state` of the one before it under the key; default false. */
  readonly inheritState?: boolean;
}

/**
 * Describes jobs of which one per key is alive at a time. Enqueueing a key whose job has not finished gives that job
 * (`outcome: "existing"`, its own payload stays); once it has finished, in whatever way, the next enqueue makes the key's
 * next generation. With `inheritState` a generation begins where the last one's `job.state` ended, however long ago.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option.
 * @example
 * ```ts
 * const syncAccount = defineKeyedJob<{ account: string }>({
 *   name: "sync-account",
 *   key: ({ account }) => account,
 *   inheritState: true,
 * });
 * const { id, outcome } = await client.enqueue(syncAccount, { account: "a1" });
 * await client.handle(id).finished({ timeout: "1m" });
 * ```
 */
export function defineKeyedJob<
  PayloadSchema extends StandardSchemaV1 | undefined = undefined,
  ResultSchema extends StandardSchemaV1 | undefined = undefined,
>(
  options: KeyedJobSettings<InputOf<PayloadSchema>> & {
    readonly payload?: PayloadSchema;
    readonly result?: ResultSchema;
  },
): JobDefinition<
  InputOf<PayloadSchema>,
  OutputOf<PayloadSchema>,
  InputOf<ResultSchema>,
  OutputOf<ResultSchema>
>;
export function defineKeyedJob<Input, Result = unknown>(
  options: KeyedJobSettings<Input>,
): JobDefinition<Input, Input, Result, Result>;
export function defineKeyedJob(options: KeyedJobSettings<never> & Schemas): JobDefinition<unknown> {
  checkOptions("defineKeyedJob", options, rules);
  const { key, inheritState = false, ...settings } = options;
  const unique = { key, while: "unfinished", onConflict: "skip" } as const;
  checkUnique(unique);
  return assembleDefinition("defineKeyedJob", { ...settings, unique }, "keyed", inheritState);
}

const rules: Readonly<Record<string, OptionRule>> = {
  ...settingRules,
  key: rule.any,
  inheritState: rule.boolean,
};
