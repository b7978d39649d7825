import type { Client } from "../core/client.ts";
import type { Lease } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import type { Checkpoint, JobContext, WorkerIdentity } from "../core/job-context.ts";
import { encodeJson, type JsonRole } from "../core/json.ts";
import type { RateLimits } from "../core/limits-client.ts";
import type { Logger } from "../core/logger.ts";
import { type Tick, tickOf } from "../core/schedule-tags.ts";
import { traceIdOf } from "../core/trace.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { JobPatch } from "../storage/contract/settle.ts";
import { type Attempt, attemptTrace, leaseLost } from "./attempt.ts";
import { encodeResult } from "./encode-result.ts";
import { keepingLines, type KeepParts } from "./kept-lines.ts";
import { type PatientEnqueue, patientEnqueue } from "./patient-enqueue.ts";

/** What every attempt of a worker's session shares. */
export interface ContextParts extends KeepParts {
  readonly client: Client;
  readonly logger: Logger;
  readonly services: unknown;
  readonly worker: WorkerIdentity;
  readonly guard: TransactionGuard;
  readonly transaction: (attempt: Attempt) => JobContext["transaction"];
}

/** Stores values of a running job; false when the lease is lost. */
export type Patch = (lease: Lease, patch: JobPatch) => Promise<boolean>;

const checkpointRole: JsonRole = {
  called: "state",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.payloadBytes,
};

const progressRole: JsonRole = { ...checkpointRole, called: "progress" };

/** Builds what a handler receives beside its payload. */
export function createContext(attempt: Attempt, parts: ContextParts, patch: Patch): JobContext {
  return new AttemptContext(attempt, parts, patch);
}

/**
 * A class, because one is made for every attempt: its verbs are made when a handler first looks at one. They are functions
 * of their own, so a handler may take the context apart.
 */
class AttemptContext implements JobContext {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly attempt: number;
  readonly run: number;
  readonly tags: readonly string[];
  readonly worker: WorkerIdentity;
  readonly client: Client;
  readonly clock: Clock;
  readonly services: never;
  readonly #attempt: Attempt;
  readonly #parts: ContextParts;
  readonly #patch: Patch;
  #log: Logger | undefined;
  #writes: Writes | undefined;
  #enqueue: PatientEnqueue | undefined;
  #transaction: JobContext["transaction"] | undefined;

  constructor(attempt: Attempt, parts: ContextParts, patch: Patch) {
    const { job } = attempt;
    this.id = job.lease.id;
    this.name = job.name;
    this.queue = job.queue;
    this.attempt = job.attempt;
    this.run = job.lease.run;
    this.tags = job.tags;
    this.worker = parts.worker;
    this.client = parts.client;
    this.clock = parts.clock;
    this.services = parts.services as never;
    this.#attempt = attempt;
    this.#parts = parts;
    this.#patch = patch;
  }

  get signal(): AbortSignal {
    return this.#attempt.abort.signal;
  }

  get tick(): Tick | undefined {
    return tickOf(this.tags, this.#attempt.job.createdAt);
  }

  get trace(): string | undefined {
    return attemptTrace(this.#attempt);
  }

  get traceId(): string | undefined {
    return traceIdOf(this.trace);
  }

  get log(): Logger {
    this.#log ??= keepingLines(
      withFields(this.#parts.logger, logFields(this)),
      this.#attempt.job,
      this.#parts,
    );
    return this.#log;
  }

  get #lasting(): Writes {
    this.#writes ??= createWrites(this.#attempt, this.#parts.guard, this.#patch);
    return this.#writes;
  }

  get state(): Checkpoint {
    return this.#lasting.state;
  }

  get rateLimit(): RateLimits {
    return this.client.limits;
  }

  get progress(): JobContext["progress"] {
    return this.#lasting.progress;
  }

  get setResult(): JobContext["setResult"] {
    return this.#lasting.setResult;
  }

  get #patient(): PatientEnqueue {
    this.#enqueue ??= patientEnqueue(this.client, this.log, this.#parts.guard);
    return this.#enqueue;
  }

  get enqueue(): Client["enqueue"] {
    return this.#patient.enqueue;
  }

  get enqueueMany(): Client["enqueueMany"] {
    return this.#patient.enqueueMany;
  }

  get transaction(): JobContext["transaction"] {
    this.#transaction ??= this.#parts.transaction(this.#attempt);
    return this.#transaction;
  }

  get rescheduleIn(): JobContext["rescheduleIn"] {
    return this.#attempt.ending.verbs.rescheduleIn;
  }

  get rescheduleAt(): JobContext["rescheduleAt"] {
    return this.#attempt.ending.verbs.rescheduleAt;
  }

  get rescheduleNow(): JobContext["rescheduleNow"] {
    return this.#attempt.ending.verbs.rescheduleNow;
  }

  get snooze(): JobContext["snooze"] {
    return this.#attempt.ending.verbs.snooze;
  }

  get throttle(): JobContext["throttle"] {
    return this.#attempt.ending.verbs.throttle;
  }

  get cancel(): JobContext["cancel"] {
    return this.#attempt.ending.verbs.cancel;
  }

  get discard(): JobContext["discard"] {
    return this.#attempt.ending.verbs.discard;
  }
}

type Writes = Pick<JobContext, "state" | "progress" | "setResult">;

/** What a handler may store before it ends. */
function createWrites(
  { job, handler, abort }: Attempt,
  guard: TransactionGuard,
  patchJob: Patch,
): Writes {
  async function write(call: string, patch: JobPatch): Promise<void> {
    // Another connection's write: on SQLite it would wait for the transaction that waits for it.
    guard.refuseInside(call);
    if (await patchJob(job.lease, patch)) return;
    abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
    throw leaseLost(job);
  }

  return {
    state: createCheckpoint(job.checkpoint, write),
    progress: async (value) => write("job.progress", { progress: encodeJson(value, progressRole) }),
    setResult: async (result) =>
      write("job.setResult", { result: await encodeResult(handler.definition, result) }),
  };
}

function createCheckpoint(
  stored: string | null,
  write: (call: string, patch: JobPatch) => Promise<void>,
): Checkpoint {
  let text = stored;
  return {
    get: <Value>() => (text === null ? undefined : (JSON.parse(text) as Value)),
    async set(value) {
      const next = encodeJson(value, checkpointRole);
      await write("job.state.set", { checkpoint: next });
      text = next;
    },
  };
}

/** What every line about a job says of it. */
function logFields({
  id,
  name,
  attempt,
  traceId,
}: Pick<JobContext, "id" | "name" | "attempt" | "traceId">): Readonly<Record<string, unknown>> {
  const fields = { job: id, name, attempt };
  return traceId === undefined ? fields : { ...fields, traceId };
}

/** A logger whose lines carry these fields. */
export function withFields(logger: Logger, fields: Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (more, message) => logger.debug({ ...fields, ...more }, message),
    info: (more, message) => logger.info({ ...fields, ...more }, message),
    warn: (more, message) => logger.warn({ ...fields, ...more }, message),
    error: (more, message) => logger.error({ ...fields, ...more }, message),
  };
}
