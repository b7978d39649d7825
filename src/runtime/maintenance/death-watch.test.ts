import { describe, expect, test } from "vitest";
import type { WorkerRecord } from "../../core/worker-record.ts";
import { createDeathWatch } from "./death-watch.ts";

function worker(id: string, beat: string, leaseMs = 1_000): WorkerRecord {
  return {
    id,
    beat,
    leaseMs,
    host: "host",
    pid: 1,
    version: null,
    bootId: "boot",
    slots: {},
    queues: [],
    handlers: [],
    versions: {},
    startedAt: 0,
    state: "running",
    drainedBy: null,
    lastBeatMs: 0,
    report: null,
  };
}

const steady = Number.POSITIVE_INFINITY;

describe("a worker is dead", () => {
  test("when its beat has stood still for more than its lease since it was first seen", () => {
    const watch = createDeathWatch("me");
    expect(watch.look([worker("a", "1")], 5_000, steady)).toEqual([]);
    expect(watch.look([worker("a", "1")], 6_000, steady)).toEqual([]);
    expect(watch.look([worker("a", "1")], 6_001, steady)).toEqual([worker("a", "1")]);
  });

  test("by its own lease, not by anyone else's", () => {
    const watch = createDeathWatch("me");
    const both = [worker("patient", "1", 10_000), worker("hasty", "1", 500)];
    watch.look(both, 0, steady);
    expect(watch.look(both, 501, steady).map(({ id }) => id)).toEqual(["hasty"]);
    expect(watch.look(both, 10_001, steady).map(({ id }) => id)).toEqual(["patient", "hasty"]);
  });
});

describe("a worker is not dead", () => {
  test("when its beat changes, to whatever value", () => {
    const watch = createDeathWatch("me");
    for (const [at, beat] of ["9", "8", "later", "7"].entries()) {
      expect(watch.look([worker("a", beat)], at * 900, steady)).toEqual([]);
    }
    expect(watch.look([worker("a", "7")], 3 * 900 + 1_000, steady)).toEqual([]);
  });

  test("when it is the watcher itself", () => {
    const watch = createDeathWatch("me");
    watch.look([worker("me", "1")], 0, steady);
    expect(watch.look([worker("me", "1")], 60_000, steady)).toEqual([]);
  });

  test("when the watcher has not itself beaten without a gap for a whole lease", () => {
    const watch = createDeathWatch("me");
    watch.look([worker("a", "1")], 0, 0);
    expect(watch.look([worker("a", "1")], 60_000, 1_000)).toEqual([]);
    expect(watch.look([worker("a", "1")], 60_001, 1_001)).toHaveLength(1);
  });

  test("when it was away and comes back: the count begins anew", () => {
    const watch = createDeathWatch("me");
    watch.look([worker("a", "1")], 0, steady);
    watch.look([], 900, steady);
    expect(watch.look([worker("a", "1")], 1_500, steady)).toEqual([]);
    expect(watch.look([worker("a", "1")], 2_501, steady)).toHaveLength(1);
  });
});
