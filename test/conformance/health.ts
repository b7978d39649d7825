import { expect } from "vitest";
import { laneOf } from "./gates.ts";
import { aJob, enqueue, enqueueOne, runOne, settleOne, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Fewer are not looked at in a line. */
const lookAtMost = 100;
const all = { atLeast: false };

export const healthLaws: Chapter = (law) => {
  law("a fresh database misses nothing and can be written", async ({ storage }) => {
    const health = await storage.readHealth();
    expect(health).toMatchObject({
      writable: "yes",
      missing: [],
      lacking: [],
      mayMigrate: true,
    });
    expect(health.server !== null).toBe(storage.kind === "postgres");
  });

  law(
    "an empty database misses everything, and its health can be read all the same",
    async ({ storage }) => {
      const { missing, writable } = await storage.readHealth();
      expect(writable).toBe("yes");
      expect(await storage.isReadOnly()).toBe(false);
      expect(missing.join("\n")).toMatch(/^index \w*live_ready$/m);
      expect(missing.join("\n")).toMatch(/^table \w*live$/m);
      expect(missing.join("\n")).toMatch(/^view \w*jobs$/m);
    },
    "empty",
  );

  law("an index that was dropped is missing", async ({ storage, script, table }) => {
    await script(`DROP INDEX ${table("later_due")};`);
    expect((await storage.readHealth()).missing).toEqual([
      `index ${table("later_due").split(".").at(-1)}`,
    ]);
  });

  law("looking at a database changes nothing in it", async ({ storage }) => {
    const id = await enqueueOne(storage);
    const before = await storage.getJob(id);
    await storage.readHealth();
    await storage.readActivity(t0, lookAtMost);
    expect(await storage.getJob(id)).toEqual(before);
  });

  law("in a fresh database nothing goes on", async ({ storage }) => {
    expect(await storage.readActivity(t0, lookAtMost)).toEqual({
      waiting: [],
      abandoned: { jobs: 0, ...all },
      overdue: { jobs: 0, ...all, oldestAt: null },
      keys: [],
      lines: [],
    });
  });

  law("what waits is counted by queue, name and version", async ({ storage }) => {
    await runOne(storage, { queue: "taken" });
    await enqueue(
      storage,
      aJob({ queue: "a" }),
      aJob({ queue: "a" }),
      aJob({ queue: "a", name: "more" }),
      aJob({ queue: "a", name: "more", version: 2 }),
      aJob({ queue: "b", gates: laneOf("x") }),
      aJob({ queue: "later", runAt: t0 + 1 }),
    );
    const { waiting, lines } = await storage.readActivity(t0, lookAtMost);
    expect(waiting).toEqual([
      { queue: "a", name: "more", version: 1, jobs: 1, ...all },
      { queue: "a", name: "more", version: 2, jobs: 1, ...all },
      { queue: "a", name: "work", version: 1, jobs: 2, ...all },
      { queue: "b", name: "work", version: 1, jobs: 1, ...all },
    ]);
    expect(lines).toEqual([{ gate: "lane:x", jobs: 1, ...all }]);
  });

  law("of more jobs than are looked at there are at least so many", async ({ storage }) => {
    const many = { length: lookAtMost + 1 };
    const several = (given: Parameters<typeof aJob>[0]) => Array.from(many, () => aJob(given));
    await enqueue(
      storage,
      aJob({ queue: "barred", name: "alone", gates: laneOf("first") }),
      ...several({ queue: "barred", gates: laneOf("deep") }),
      ...several({ queue: "other", gates: laneOf("last") }),
      ...several({ queue: "ready" }),
      aJob({ queue: "few" }),
      ...several({ queue: "late", runAt: t0 + 1_000 }),
    );
    const { waiting, lines, overdue } = await storage.readActivity(t0 + 1_001, lookAtMost);
    expect(waiting).toMatchObject([
      { queue: "barred", name: "alone", jobs: 1, atLeast: true },
      { queue: "barred", name: "work", atLeast: true },
      { queue: "few", name: "work", jobs: 1, ...all },
      { queue: "other", name: "work", atLeast: true },
      { queue: "ready", name: "work", jobs: lookAtMost, atLeast: true },
    ]);
    expect(lines).toContainEqual({ gate: "lane:last", jobs: lookAtMost, atLeast: true });
    expect(overdue).toEqual({ jobs: lookAtMost, atLeast: true, oldestAt: t0 + 1_000 });
  });

  law(
    "of what waits at gates the newest is looked at, and of each queue something",
    async (place) => {
      const { storage } = place;
      const before = someJobs(3 * lookAtMost, { queue: "a", gates: laneOf("deep") });
      await storage.insertJobs([
        ...before,
        aJob({ queue: "a", name: "new", gates: laneOf("deep") }),
      ]);
      await enqueue(storage, ...someJobs(lookAtMost, { queue: "b" }), aJob({ queue: "c" }));
      const { waiting } = await storage.readActivity(t0, lookAtMost);
      expect(waiting.map(({ queue, name }) => `${queue} ${name}`)).toEqual([
        "a new",
        "a work",
        "b work",
        "c work",
      ]);
    },
  );

  law("jobs of a worker that is gone are abandoned, those of a live one are not", async (place) => {
    const { storage } = place;
    const { lease } = await runOne(storage);
    expect(await storage.readActivity(t0, lookAtMost)).toMatchObject({ abandoned: { jobs: 0 } });
    await storage.unregisterWorker(lease.owner);
    expect(await storage.readActivity(t0, lookAtMost)).toMatchObject({
      abandoned: { jobs: 1, ...all },
    });
  });

  law("jobs that are due and still put off are overdue", async ({ storage }) => {
    await enqueue(storage, aJob({ runAt: t0 + 1_000 }), aJob({ runAt: t0 + 2_000 }));
    const overdueAt = async (now: number) => (await storage.readActivity(now, lookAtMost)).overdue;
    expect(await overdueAt(t0 + 1_000)).toEqual({ jobs: 0, ...all, oldestAt: null });
    expect(await overdueAt(t0 + 1_001)).toEqual({ jobs: 1, ...all, oldestAt: t0 + 1_000 });
    expect(await overdueAt(t0 + 5_000)).toEqual({ jobs: 2, ...all, oldestAt: t0 + 1_000 });
  });

  law("uses of one unique key are counted where they cost something", async ({ storage }) => {
    for (let use = 0; use < 3; use++) {
      const unique = { key: "k", while: "unfinished", until: null, onConflict: "skip" } as const;
      await settleOne(storage, await runOne(storage, { unique }), "completed");
    }
    const { keys } = await storage.readActivity(t0, lookAtMost);
    const counted = [{ name: "work", key: "k", uses: 3, spanMs: 0 }];
    expect(keys).toEqual(storage.kind === "postgres" ? counted : []);
  });
};
