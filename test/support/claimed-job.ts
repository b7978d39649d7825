import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { defaultRetryPolicy } from "../../src/core/defaults.ts";
import type { RetryPolicy } from "../../src/core/retry-policy.ts";

/** The moment unit tests happen at. */
export const now = 1_000_000_000;

/** The default retry policy without jitter, changed as given. */
export function policy(settings: Partial<RetryPolicy> = {}): RetryPolicy {
  return { ...defaultRetryPolicy, jitter: 0, ...settings };
}

/** A job on its fourth attempt, claimed 100 ms ago after a backoff of 4 s, changed as given. */
export function claimedJob(settings: Partial<ClaimedJob> = {}): ClaimedJob {
  return {
    lease: { id: "1", owner: "7", run: 9 },
    name: "report",
    version: 1,
    queue: "default",
    payload: "{}",
    checkpoint: null,
    attempt: 4,
    crashes: 0,
    started: true,
    createdAt: 0,
    runAt: 0,
    claimedAt: now - 100,
    backoffMs: 4_000,
    policy: policy(),
    attempts: [],
    tags: [],
    gates: [],
    trace: null,
    ...settings,
  };
}
