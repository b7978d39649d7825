import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EnqueueOptions } from "./enqueue-options.ts";
import type { BackoffFunction, RetryPolicy } from "./retry-policy.ts";
import type { UniqueOptions } from "./unique.ts";

/** The part of a definition that does not depend on its types. */
export interface AnyJobDefinition {
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
