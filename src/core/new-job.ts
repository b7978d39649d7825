import type { AnyJobDefinition } from "./job-request.ts";
import { isName, rule } from "./check-options.ts";
import { defaultRetryPolicy, defaults } from "./defaults.ts";
import { checkEnqueueOptions, dueAt, type EnqueueOptions } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import { encodeJson, type JsonRole } from "./json.ts";
import type { RetryPolicy } from "./retry-policy.ts";
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
}

const payloadRole: JsonRole = {
  called: "payload",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.payloadBytes,
};

/**
 * Builds the record to store from a definition, a payload and options: checks the options, validates the input
 * through the schema and writes **the input** as JSON.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `PAYLOAD_INVALID` by path, `PAYLOAD_TOO_LARGE`.
 */
export async function newJob(
  definition: AnyJobDefinition,
  input: unknown,
  options: EnqueueOptions<never>,
  now: number,
): Promise<NewJob> {
  checkEnqueueOptions(options);
  if (definition.payload !== undefined) {
    await validate(definition.payload, input, `payload of ${definition.name}`, "PAYLOAD_INVALID");
  }
  const unique = options.unique === undefined ? definition.unique : (options.unique ?? undefined);
  return build(definition, input, options, unique, now);
}

/**
 * Builds the record for a job known by name only, unchecked by any schema.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function newNamedJob(
  name: string,
  input: unknown,
  options: EnqueueOptions<never>,
  now: number,
): NewJob {
  if (!isName(name)) {
    throw new HoldfastError("INVALID_OPTION", `enqueue: the job's name must be ${rule.text.is}.`);
  }
  checkEnqueueOptions(options);
  const bare = { name, version: 1, policy: defaultRetryPolicy };
  return build(bare, input, options, options.unique ?? undefined, now);
}

function build(
  definition: Pick<AnyJobDefinition, "name" | "version" | "policy"> &
    Partial<Pick<AnyJobDefinition, "queue" | "priority" | "tags">>,
  input: unknown,
  options: EnqueueOptions<never>,
  unique: UniqueOptions<never> | undefined,
  now: number,
): NewJob {
  const payload = encodeJson(input, payloadRole);
  return {
    name: definition.name,
    version: definition.version,
    queue: options.queue ?? definition.queue ?? defaults.queue,
    priority: options.priority ?? definition.priority ?? defaults.priority,
    payload,
    createdAt: now,
    runAt: dueAt(options, now),
    policy: definition.policy,
    unique: unique === undefined ? null : uniqueClaim(unique, input, now),
    tags: [...(definition.tags ?? []), ...(options.tags ?? [])],
  };
}
