import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EnqueueOptions } from "./enqueue-options.ts";
import type { LaneFunction, LimitRule } from "./limit-options.ts";
import type { BackoffFunction, RetryPolicy } from "./retry-policy.ts";
import type { UniqueOptions } from "./unique.ts";

/** What a definition makes: jobs, jobs of which one per key is alive, or the one job of its name that never ends. */
export type JobKind = "plain" | "keyed" | "resident";

/** The part of a definition that does not depend on its types. */
export interface AnyJobDefinition {
  readonly kind: JobKind;
  readonly name: string;
  readonly version: number;
  readonly upgrade: ((payload: unknown, version: number) => unknown) | undefined;
  readonly payload: StandardSchemaV1 | undefined;
  readonly result: StandardSchemaV1 | undefined;
  readonly queue: string | undefined;
  readonly priority: number | undefined;
  readonly policy: RetryPolicy;
  readonly backoff: BackoffFunction | undefined;
  readonly unique: UniqueOptions<never> | undefined;
  /** True when a job begins with the last state of the one that held its key before. */
  readonly inheritState: boolean;
  readonly lane: LaneFunction<never> | undefined;
  readonly limits: readonly LimitRule[];
  readonly tags: readonly string[];
}

/** A job to enqueue: a definition with a payload and options of its own, for `client.enqueueMany`. */
export interface JobRequest<Result = unknown> {
  readonly definition: AnyJobDefinition;
  readonly payload: unknown;
  readonly options: EnqueueOptions<never>;
  /** Carries the result's type; never there at run time. */
  readonly resultType?: Result;
}

/** The producers' half of a definition: what may be put in and what comes out. */
export interface EnqueueableJob<Input, Result = unknown> extends AnyJobDefinition {
  /** A job of this kind for `client.enqueueMany`, with options of its own. */
  request(payload: Input, options?: EnqueueOptions<Input>): JobRequest<Result>;
  /** Carries the result's type; never there at run time. */
  readonly resultType?: Result;
}
