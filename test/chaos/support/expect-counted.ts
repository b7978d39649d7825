import type { AttemptEnd, Client, JobState } from "holdfast";
import { expect } from "vitest";
import { allJobs } from "./all-jobs.ts";

const ways: Readonly<Record<"failed" | "snoozed" | "rescheduled", readonly AttemptEnd[]>> = {
  failed: ["failed", "timed-out", "crashed", "discarded"],
  snoozed: ["snoozed", "throttled", "released"],
  rescheduled: ["rescheduled"],
};

/** Expects what was counted to be what all jobs, none of which were deleted or retried by hand, say of themselves. */
export async function expectCounted(client: Client): Promise<void> {
  const jobs = await allJobs(client);
  const attempts = jobs.flatMap((job) => job.attempts);
  const ended = (how: readonly AttemptEnd[]) =>
    attempts.filter((attempt) => how.includes(attempt.how)).length;
  const inState = (state: JobState) => jobs.filter((job) => job.state === state).length;
  const hour = 3_600_000;
  const stats = await client.stats.summary({
    from: client.clock.now() - hour,
    to: client.clock.now() + hour,
  });
  expect(stats).toMatchObject({
    enqueued: jobs.length,
    started: attempts.length,
    completed: inState("completed"),
    cancelled: inState("cancelled"),
    discarded: inState("discarded"),
    failed: ended(ways.failed),
    snoozed: ended(ways.snoozed),
    rescheduled: ended(ways.rescheduled),
    waiting: { count: attempts.length },
    running: { count: attempts.length },
  });
  expect(stats.rescued).toBeGreaterThanOrEqual(ended(["crashed"]));
}
