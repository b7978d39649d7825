import { describe, expect, test } from "vitest";
import { sentenceOf } from "./explain-text.ts";
import type { JobReason } from "./job-reason.ts";

const now = Date.parse("2026-01-01T12:00:00Z");

const say = (reason: JobReason) => sentenceOf(reason, now);

function heldBy(count: number): Extract<JobReason, { kind: "blocked" }> {
  const jobs = Array.from({ length: count }, (_, index) => String(index + 1));
  return {
    kind: "blocked",
    gate: "lane:account:7",
    holders: jobs,
    heldBy: jobs.map((job) => ({ job, worker: null, host: null })),
    ahead: 0,
  };
}

describe("a gate", () => {
  test("is named with who holds it: at most three, whether they have started, and where", () => {
    const worker = { job: "1", worker: "3", host: "mail-1" };
    expect(say({ ...heldBy(1), heldBy: [worker] })).toBe(
      'The lane "account:7" is held by job 1 on worker 3 at mail-1.',
    );
    expect(say({ ...heldBy(1), heldBy: [{ ...worker, host: null }], ahead: 1 })).toBe(
      'The lane "account:7" is held by job 1 on worker 3; 1 job goes before it.',
    );
    expect(say({ ...heldBy(5), gate: "limit:api:7" })).toBe(
      'The limit "api:7" is held by job 1 (not started), job 2 (not started), job 3 (not started) and 2 more.',
    );
  });

  test("that nobody holds lets the job in soon; an unknown one is its gate", () => {
    expect(say({ ...heldBy(0), gate: null, ahead: 2 })).toBe(
      "It is about to be let in through its gate; 2 jobs go before it.",
    );
    expect(say({ ...heldBy(1), gate: null })).toBe("Its gate is held by job 1 (not started).");
  });
});

describe("workers", () => {
  test("are one or many", () => {
    const reason = { kind: "no-handler", name: "greet" } as const;
    expect(say({ ...reason, workers: ["1"] })).toContain("worker 1 has none.");
    expect(say({ ...reason, workers: ["1", "2"] })).toContain("workers 1, 2 have none.");
  });

  test("may be known without their host, and the job's start unknown", () => {
    const running = { kind: "running", worker: "3", host: null, since: null } as const;
    expect(say(running)).toBe("It runs on worker 3.");
    expect(say({ ...running, host: "mail-1", since: now - 5_000 })).toBe(
      "It runs on worker 3 at mail-1 since 2026-01-01T11:59:55.000Z (5s ago).",
    );
  });
});

test("a cancel says by whom, when somebody said so", () => {
  const request = { why: "left", by: null, at: now };
  expect(say({ kind: "cancelling", request })).toBe("It was asked to stop: left");
  expect(say({ kind: "cancelling", request: { ...request, by: "ada" } })).toBe(
    "It was asked to stop by ada: left",
  );
});

test("an end says when and why, as far as it is known", () => {
  const finished = { kind: "finished", state: "completed", at: null, reason: null } as const;
  expect(say(finished)).toBe("It was completed.");
  expect(
    say({
      ...finished,
      at: now,
      state: "discarded",
      reason: { code: "X", message: "no." } as never,
    }),
  ).toBe("It was discarded at 2026-01-01T12:00:00.000Z (0ms ago): no.");
});

test.each([
  [999, "999ms"],
  [61_400, "61s"],
  [7_100_000, "118m"],
  [100_000_000, "28h"],
  [864_000_000, "10d"],
])("%i ms from now is in %s", (ms, text) => {
  expect(say({ kind: "scheduled", until: now + ms })).toContain(`(in ${text})`);
});
