import { expect } from "vitest";
import { jobStates } from "../../src/core/job.ts";
import { bring } from "./bring.ts";
import { laneOf } from "./gates.ts";
import { aJob, claim, enqueue, hire, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** How queues stand, and what has not finished. */
export const gaugesLaws: Chapter = (law) => {
  law(
    "jobs that have not finished are counted by queue and state, finished ones are not",
    async (place) => {
      const { storage } = place;
      const order = [...jobStates.filter((state) => state !== "available"), "available" as const];
      for (const queue of ["default", "other"]) {
        for (const state of order) await bring(place, state, { queue });
      }
      const counts = await storage.countUnfinished();
      const told = counts.map(({ queue, state, jobs }) => `${queue} ${state} ${jobs}`).sort();
      const states = ["available", "blocked", "retryable", "running", "scheduled"];
      expect(told).toEqual(
        ["default", "other"].flatMap((queue) => states.map((state) => `${queue} ${state} 1`)),
      );
    },
  );

  law("more jobs than are looked at in one go are counted once each", async ({ storage }) => {
    await storage.insertJobs([
      ...someJobs(4_000, { queue: "a" }),
      ...someJobs(4_001, { queue: "b", priority: 3 }),
      ...someJobs(1, { queue: "b", priority: 4 }),
      ...someJobs(4_300, { queue: "c", runAt: t0 + 1 }),
      ...someJobs(4_100, { queue: "d", gates: laneOf("k") }),
    ]);
    const counts = await storage.countUnfinished();
    expect(counts.map(({ queue, state, jobs }) => `${queue} ${state} ${jobs}`).sort()).toEqual([
      "a available 4000",
      "b available 4002",
      "c scheduled 4300",
      "d blocked 4100",
    ]);
  });

  law(
    "a queue tells since when its first job is due, by priority and past those that run",
    async (place) => {
      const { storage } = place;
      const since = async (queue = "default", now = t0) =>
        (await storage.readGauges(now)).find(({ name }) => name === queue)?.dueSince;
      expect(await since()).toBeUndefined();
      await enqueue(storage, aJob({ createdAt: t0 - 900 }));
      const owner = await hire(storage);
      await claim(storage, owner);
      expect(await since()).toBeNull();
      await enqueue(
        storage,
        aJob({ createdAt: t0 - 500 }),
        aJob({ createdAt: t0 - 700, priority: 9 }),
        aJob({ createdAt: t0 - 300, priority: 0 }),
      );
      expect(await since()).toBe(t0 - 700);
      await enqueue(
        storage,
        aJob({ queue: "late", createdAt: t0 - 2_000, runAt: t0 - 1_000 }),
        aJob({ queue: "early", runAt: t0 + 1_000 }),
        aJob({ queue: "gated", createdAt: t0 - 800, gates: laneOf("k") }),
      );
      expect(await since("late")).toBe(t0 - 1_000);
      expect(await since("early")).toBeUndefined();
      expect(await since("early", t0 + 1_000)).toBe(t0 + 1_000);
      expect(await since("gated")).toBeNull();
    },
  );

  law("a queue tells what was set for it", async ({ storage }) => {
    await storage.pauseQueue("b", true);
    await storage.updateQueue("a", { concurrency: 3, maxRunning: 7 }, { now: t0, by: null });
    await storage.coolQueue(
      "b",
      { level: 0, closedUntil: 0 },
      { level: 1, closedUntil: t0 + 5_000 },
    );
    const none = { concurrency: null, maxRunning: null, dueSince: null };
    expect(await storage.readGauges(t0)).toEqual([
      { ...none, name: "a", paused: false, closedUntil: null, concurrency: 3, maxRunning: 7 },
      { ...none, name: "b", paused: true, closedUntil: t0 + 5_000 },
    ]);
  });
};
