import { AssertionError } from "node:assert";
import { jobNotFound } from "../client/job-id.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Client } from "../core/client.ts";
import { defaultRetryPolicy } from "../core/defaults.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Job, JobId } from "../core/job.ts";
import { crashLimit, type SettleFacts, settle } from "../core/lifecycle.ts";
import type { Outcome } from "../core/outcome.ts";
import type { RetryPolicy } from "../core/retry-policy.ts";
import { storeError } from "../core/stored-error.ts";
import { engineOf } from "../service/engine.ts";

/**
 * Takes a running job's lease away, as if its worker had been silent for too long and another had rescued the job: it is
 * charged a crash and comes back through its backoff, its handler's `signal` aborts with `LEASE_LOST`, and whatever the handler
 * still writes about the job changes nothing. The worker and its other jobs go on.
 *
 * @throws AssertionError when the job does not run; HoldfastError `JOB_NOT_FOUND`.
 * @example
 * ```ts
 * import { expireLease } from "holdfast/testing";
 *
 * await expireLease(client, jobId);
 * ```
 */
export async function expireLease(client: Client, id: JobId): Promise<void> {
  const { storage, clock, registry } = engineOf(client);
  const job = await client.jobs.get(id);
  if (job === undefined) throw jobNotFound(id);
  if (job.state !== "running") throw notRunning(job);
  const claimed = claimedJobOf(job, registry.find(job.name)?.policy ?? defaultRetryPolicy);
  const now = clock.now();
  const facts: SettleFacts = { now, random: 0.5, began: claimed.claimedAt };
  const [answer] = await storage.settleJobs([settle(claimed, crashOf(claimed), facts)], now);
  if (answer?.outcome === "cancel-requested") {
    const { why, by } = answer.request;
    await storage.settleJobs([settle(claimed, { kind: "cancelled", why, by }, facts)], now);
  }
  if (answer?.outcome === "lease-lost") throw notRunning(job);
  // The worker looks for lost leases when it looks for cancel requests.
  await storage.wakeCancelled([id]);
}

function crashOf(job: ClaimedJob): Outcome {
  const message = `The lease of worker ${job.lease.owner} on this job was made to expire by a test.`;
  const error = storeError(new HoldfastError("WORKER_CRASHED", message));
  return { kind: "crashed", error, maxCrashes: crashLimit(job, undefined) };
}

/** The claim as far as deciding looks at it. The policy stored with it is that of its definition. */
function claimedJobOf(job: Job, policy: RetryPolicy): ClaimedJob {
  return {
    lease: { id: job.id, owner: job.worker ?? "", run: job.run },
    name: job.name,
    version: job.version,
    queue: job.queue,
    payload: JSON.stringify(job.payload),
    checkpoint: null,
    attempt: job.attempt,
    crashes: job.crashes,
    started: true,
    createdAt: job.createdAt,
    runAt: job.runAt,
    claimedAt: job.claimedAt ?? job.runAt,
    backoffMs: 0,
    policy,
    attempts: job.attempts,
    tags: job.tags,
    gates: job.gates,
    trace: job.trace,
  };
}

function notRunning({ id, name, state }: Job): AssertionError {
  return new AssertionError({
    message: `Only a running job has a lease to lose; job ${id} (${name}) ${state === "running" ? "has just ended" : `is ${state}`}.`,
    actual: state,
    expected: "running",
    operator: "expireLease",
  });
}
