import { expect, test } from "vitest";
import { type QueueRecord, withServers } from "./queue.ts";

const empty: Omit<QueueRecord, "name"> = {
  paused: false,
  closedUntil: null,
  throttleLevel: 0,
  available: 0,
  running: 0,
  blocked: 0,
  scheduled: 0,
  concurrency: null,
  maxRunning: null,
  backoff: null,
  retention: { completed: null, dead: null },
  changedAt: null,
  changedBy: null,
  atLeast: [],
};

const lives = { state: "running", lastBeatMs: 1, leaseMs: 9 } as const;
const workers = [
  { ...lives, id: "1", queues: ["emails", "default"] },
  { ...lives, id: "2", queues: ["emails"] },
  { ...lives, id: "3", queues: ["emails"], state: "draining" },
  { ...lives, id: "4", queues: ["emails"], lastBeatMs: 10 },
] as const;

test("a queue names the workers that serve it, but none that drains or is lost", () => {
  const [queue] = withServers([{ ...empty, name: "emails", available: 3 }], workers);
  expect(queue).toMatchObject({ servedBy: ["1", "2"], unserved: false });
});

test.each([
  ["available jobs", { available: 1 }, true],
  ["blocked jobs", { blocked: 1 }, true],
  ["jobs due later", { scheduled: 1 }, true],
  ["only running jobs", { running: 1 }, false],
  ["no jobs", {}, false],
])("a queue without a worker and with %s is unserved: %o", (_, counts, unserved) => {
  const [queue] = withServers([{ ...empty, name: "lost", ...counts }], workers);
  expect(queue).toMatchObject({ servedBy: [], unserved });
});
