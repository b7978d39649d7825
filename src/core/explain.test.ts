import { expect, test } from "vitest";
import { explainJob } from "./explain.ts";
import type { Job } from "./job.ts";

const blocked: Job = {
  id: "7",
  name: "move",
  version: 1,
  queue: "default",
  priority: 5,
  state: "blocked",
  payload: {},
  result: undefined,
  checkpoint: undefined,
  progress: undefined,
  attempt: 0,
  crashes: 0,
  run: 0,
  worker: null,
  createdAt: 0,
  runAt: 0,
  claimedAt: null,
  finishedAt: null,
  cancelRequested: null,
  reason: null,
  attempts: [],
  uniqueKey: null,
  gates: [{ gate: "lane:a", weight: 1 }],
  waitingFor: "lane:a",
  tags: [],
};

test("a blocked job names its gate and who holds it, and whatever else would keep it from running", () => {
  const paused = { name: "default", paused: true, closedUntil: null, available: 0, running: 1 };
  const facts = { queue: paused, workers: [], holders: ["3"], now: 10 };
  expect(explainJob(blocked, facts)).toEqual({
    id: "7",
    state: "blocked",
    reasons: [
      { kind: "blocked", gate: "lane:a", holders: ["3"] },
      { kind: "queue-paused", queue: "default" },
      { kind: "queue-unserved", queue: "default" },
    ],
  });
});
