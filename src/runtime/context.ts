import type { Client } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import type { Checkpoint, JobContext, WorkerIdentity } from "../core/job-context.ts";
import { encodeJson, type JsonRole } from "../core/json.ts";
import type { Logger } from "../core/logger.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { JobPatch } from "../storage/contract/settle.ts";
import { type Attempt, leaseLost } from "./attempt.ts";
import { encodeResult } from "./encode-result.ts";
import { patientEnqueue } from "./patient-enqueue.ts";

/** What every attempt of a worker's session shares. */
export interface ContextParts {
  readonly client: Client;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly services: unknown;
  readonly worker: WorkerIdentity;
  readonly guard: TransactionGuard;
  readonly transaction: (attempt: Attempt) => JobContext["transaction"];
}

const checkpointRole: JsonRole = {
  called: "state",
  invalid: "PAYLOAD_INVALID",
  maxBytes: defaults.payloadBytes,
};

const progressRole: JsonRole = { ...checkpointRole, called: "progress" };

/** Builds what a handler receives beside its payload. */
export function createContext(attempt: Attempt, parts: ContextParts): JobContext {
  const { job } = attempt;
  const log = withFields(parts.logger, {
    job: job.lease.id,
    name: job.name,
    attempt: job.attempt,
  });

  async function write(call: string, patch: JobPatch): Promise<void> {
    // Another connection's write: on SQLite it would wait for the transaction that waits for it.
    parts.guard.refuseInside(call);
    if (await attempt.patch(patch)) return;
    attempt.abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
    throw leaseLost(job);
  }

  return {
    id: job.lease.id,
    name: job.name,
    queue: job.queue,
    attempt: job.attempt,
    run: job.lease.run,
    tags: job.tags,
    worker: parts.worker,
    client: parts.client,
    clock: parts.clock,
    signal: attempt.abort.signal,
    log,
    services: parts.services,
    state: createCheckpoint(job.checkpoint, write),
    progress: async (value) => write("job.progress", { progress: encodeJson(value, progressRole) }),
    setResult: async (result) =>
      write("job.setResult", { result: await encodeResult(attempt.handler.definition, result) }),
    ...patientEnqueue(parts.client, log),
    transaction: parts.transaction(attempt),
    ...attempt.ending.verbs,
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

function withFields(logger: Logger, fields: Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (more, message) => logger.debug({ ...fields, ...more }, message),
    info: (more, message) => logger.info({ ...fields, ...more }, message),
    warn: (more, message) => logger.warn({ ...fields, ...more }, message),
    error: (more, message) => logger.error({ ...fields, ...more }, message),
  };
}
