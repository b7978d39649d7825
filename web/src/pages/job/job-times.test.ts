import { expect, test } from "vitest";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { stateVisits } from "./state-visits.ts";
import { timeline } from "./timeline.ts";

const job = (values: Partial<JobAnswer>): JobAnswer => ({
  id: "1",
  name: "send",
  version: 1,
  queue: "emails",
  priority: 5,
  state: "available",
  payload: "{}",
  result: null,
  checkpoint: null,
  progress: null,
  attempt: 0,
  crashes: 0,
  run: 0,
  worker: null,
  createdAt: 1e3,
  runAt: 1e3,
  claimedAt: null,
  finishedAt: null,
  cancelRequested: null,
  reason: null,
  attempts: [],
  uniqueKey: null,
  gates: [],
  waitingFor: null,
  tags: [],
  trace: null,
  redacted: [],
  now: 9e3,
  ...values,
});

const failed = (number: number, began: number, ended: number) =>
  ({ number, run: number, worker: "3", began, ended, how: "failed" }) as const;

test("a job that waits for its time has been nowhere else", () => {
  const put = job({ state: "scheduled", runAt: 60_000 });
  expect(stateVisits(put)).toEqual({ scheduled: 1_000 });
  expect(timeline(put)).toEqual([
    { kind: "created", at: 1_000 },
    { kind: "due", at: 60_000 },
  ]);
});

test("a job between two attempts has run, and is told when it is due again", () => {
  const again = job({
    state: "retryable",
    attempt: 1,
    run: 1,
    runAt: 8_000,
    attempts: [failed(1, 2_000, 3_000)],
  });
  expect(stateVisits(again)).toMatchObject({ running: 2_000, retryable: 3_000 });
  expect(timeline(again).map(({ kind }) => kind)).toEqual(["created", "began", "ended", "due"]);
});

test("the last failure of a discarded job leads to no retry, and is its end", () => {
  const over = job({
    state: "discarded",
    run: 1,
    claimedAt: 2_000,
    finishedAt: 3_000,
    attempts: [failed(1, 2_000, 3_000)],
  });
  expect(stateVisits(over)).toEqual({ available: 1_000, running: 2_000, discarded: 3_000 });
  expect(timeline(over).map(({ kind }) => kind)).toEqual(["created", "began", "ended"]);
});

test("a job cancelled while it waited never ran", () => {
  const over = job({ state: "cancelled", finishedAt: 5_000 });
  expect(stateVisits(over)).toEqual({ cancelled: 5_000 });
  expect(timeline(over).at(-1)).toEqual({ kind: "finished", at: 5_000, state: "cancelled" });
});

test("of many attempts the newest three are told, and how many more there were", () => {
  const attempts = [1, 2, 3, 4, 5].map((number) => failed(number, number * 100, number * 100 + 10));
  const running = job({ state: "running", attempt: 41, run: 41, claimedAt: 8_000, attempts });
  expect(timeline(running).slice(0, 3)).toMatchObject([
    { kind: "created" },
    { kind: "earlier", count: 37 },
    { kind: "began", attempt: 3 },
  ]);
  expect(timeline(running).at(-1)).toEqual({ kind: "began", at: 8_000, attempt: 41 });
});
