import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import type { CancelRequest } from "../../src/core/job.ts";
import type { NewJob } from "../../src/core/new-job.ts";
import type { RetryPolicy } from "../../src/core/retry-policy.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import type { UniqueClaim } from "../../src/core/unique.ts";
import type { ClaimRequest } from "../../src/storage/contract/claim.ts";
import type { NewWorker } from "../../src/storage/contract/presence.ts";
import type { SettleAnswer } from "../../src/storage/contract/settle.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";

/** When the laws happen: no law reads a clock. */
export const t0 = 1_750_000_000_000;

/** The length of a day: finished jobs expire by whole days. */
export const dayMs = 86_400_000;

export const policy: RetryPolicy = {
  attempts: 20,
  minMs: 1_000,
  maxMs: 3_600_000,
  factor: 2,
  jitter: 0.25,
  warnAttempts: 3,
  resetAfter: 3,
  maxCrashes: null,
  timeoutMs: 60_000,
};

/** A job due at once, but for what is given. */
export function aJob(given: Partial<NewJob> = {}): NewJob {
  const createdAt = given.createdAt ?? t0;
  return {
    name: "work",
    version: 1,
    queue: "default",
    priority: 5,
    payload: "{}",
    createdAt,
    runAt: createdAt,
    policy,
    unique: null,
    tags: [],
    ...given,
  };
}

/** As many jobs, each with its position as the payload. */
export function someJobs(count: number, given: Partial<NewJob> = {}): NewJob[] {
  return Array.from({ length: count }, (_, index) => aJob({ payload: String(index), ...given }));
}

/** A claim on a key: held while unfinished, skipping, unless said otherwise. */
export function uniqueOn(key: string, given: Partial<UniqueClaim> = {}): UniqueClaim {
  return { key, while: "unfinished", until: null, onConflict: "skip", ...given };
}

/** Stores jobs and gives their ids. */
export async function enqueue(storage: Storage, ...jobs: readonly NewJob[]): Promise<string[]> {
  return (await storage.insertJobs(jobs)).map(({ id }) => id);
}

/** Stores one job and gives its id. */
export async function enqueueOne(storage: Storage, given: Partial<NewJob> = {}): Promise<string> {
  return single(await enqueue(storage, aJob(given)));
}

/** Registers a worker and gives its id. */
export async function hire(storage: Storage, given: Partial<NewWorker> = {}): Promise<string> {
  return await storage.registerWorker({
    host: "host",
    pid: 1,
    bootId: "boot",
    queues: ["default"],
    handlers: ["work"],
    leaseMs: 30_000,
    ...given,
  });
}

/** Takes what there is of the queue `default` and the handler `work`, unless said otherwise. */
export async function claim(
  storage: Storage,
  owner: string,
  given: Partial<ClaimRequest> = {},
): Promise<readonly ClaimedJob[]> {
  const limit = given.limit ?? 1_000;
  const request = { limit, handlers: { work: 1 }, floors: {}, now: t0, ...given };
  const queues = given.queues ?? [{ queue: "default", limit }];
  return (await storage.claimJobs({ ...request, owner, queues })).jobs;
}

/** Registers a worker and takes the one job there is. */
export async function claimOne(
  storage: Storage,
  given: Partial<ClaimRequest> = {},
): Promise<ClaimedJob> {
  const owner = await hire(storage);
  return single(await claim(storage, owner, given));
}

/** Stores one job and takes it. */
export async function runOne(storage: Storage, given: Partial<NewJob> = {}): Promise<ClaimedJob> {
  const job = aJob(given);
  const id = single(await enqueue(storage, job));
  const claimed = await claimOne(storage, {
    queues: [{ queue: job.queue, limit: 1 }],
    handlers: { [job.name]: job.version },
    now: job.createdAt,
  });
  if (claimed.lease.id !== id) throw new Error("An older job stood in the way; bring it later.");
  return claimed;
}

/** Where a running job goes next, but for what is given. */
export function settlement(
  job: ClaimedJob,
  to: Settlement["to"],
  given: Partial<Settlement> = {},
): Settlement {
  const waits = to === "scheduled" || to === "retryable";
  const failed = to === "cancelled" || to === "discarded";
  return {
    lease: job.lease,
    to,
    runAt: waits ? t0 + 60_000 : null,
    attempt: job.attempt,
    crashes: 0,
    backoffMs: 0,
    attempts: job.attempts,
    reason: failed ? { code: reasonCodes[to], message: `It was ${to}.` } : null,
    unlessCancelRequested: to !== "completed" && to !== "cancelled",
    ...given,
  };
}

const reasonCodes = { cancelled: "JOB_CANCELLED", discarded: "ATTEMPTS_EXHAUSTED" } as const;

/** Settles one job and gives the answer. */
export async function settleOne(
  storage: Storage,
  job: ClaimedJob,
  to: Settlement["to"],
  given: Partial<Settlement> = {},
): Promise<SettleAnswer> {
  return single(await storage.settleJobs([settlement(job, to, given)], t0));
}

/** A request to cancel. */
export const stop: CancelRequest = { why: "not needed", by: "ops", at: t0 };

/** The one member of a list; fails when there are none or more. */
export function single<Member>(members: readonly Member[]): Member {
  const [member] = members;
  if (member === undefined || members.length !== 1) {
    throw new Error(`There should be one, and there are ${members.length}.`);
  }
  return member;
}

/** Numbers of an array of ids, for comparing their order. */
export function rising(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || BigInt(id) > BigInt(ids[index - 1] ?? id));
}
