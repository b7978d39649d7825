import { describe, expect, test } from "vitest";
import { type JobState, jobStates } from "./job.ts";
import { type KnownRequest, recall } from "./recall.ts";

const finishedAt = 1_000;
const keptMs = 500;
const existing = { id: "1", outcome: "existing" } as const;

function known(state: JobState | null, given: Partial<KnownRequest> = {}): KnownRequest {
  return { id: "1", keptMs, until: null, state, finishedAt: null, ...given };
}

describe("a repeated request", () => {
  test.each(jobStates)("gives a job that is %s, finished or not", (state) => {
    expect(recall(known(state, { finishedAt }), finishedAt + keptMs - 1)).toEqual(existing);
  });

  test.each(["scheduled", "available", "blocked", "running", "retryable"] as const)(
    "gives a job that is %s however late",
    (state) => {
      expect(recall(known(state), Number.MAX_SAFE_INTEGER)).toEqual(existing);
    },
  );

  test("names a new job once its time after the end is over", () => {
    const finished = known("completed", { finishedAt });
    expect(recall(finished, finishedAt + keptMs)).toBeUndefined();
  });

  test("says that its job is no longer kept, as long as its time lasts", () => {
    const removed = known(null, { until: 2_000 });
    expect(recall(removed, 1_999)).toEqual({ ...existing, kept: false });
    expect(recall(removed, 2_000)).toBeUndefined();
  });

  test("names a new job when nothing is known of its old one", () => {
    expect(recall(known(null), 0)).toBeUndefined();
  });
});
