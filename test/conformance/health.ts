import { expect } from "vitest";
import { laneOf } from "./gates.ts";
import { aJob, enqueue, enqueueOne, runOne, settleOne, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

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
    await storage.readActivity(t0);
    expect(await storage.getJob(id)).toEqual(before);
  });

  law("in a fresh database nothing goes on", async ({ storage }) => {
    expect(await storage.readActivity(t0)).toEqual({
      waiting: [],
      abandoned: 0,
      overdue: { jobs: 0, oldestAt: null },
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
    const { waiting, lines } = await storage.readActivity(t0);
    expect(waiting).toEqual([
      { queue: "a", name: "more", version: 1, jobs: 1 },
      { queue: "a", name: "more", version: 2, jobs: 1 },
      { queue: "a", name: "work", version: 1, jobs: 2 },
      { queue: "b", name: "work", version: 1, jobs: 1 },
    ]);
    expect(lines).toEqual([{ gate: "lane:x", jobs: 1 }]);
  });

  law("jobs of a worker that is gone are abandoned, those of a live one are not", async (place) => {
    const { storage } = place;
    const { lease } = await runOne(storage);
    expect(await storage.readActivity(t0)).toMatchObject({ abandoned: 0 });
    await storage.unregisterWorker(lease.owner);
    expect(await storage.readActivity(t0)).toMatchObject({ abandoned: 1 });
  });

  law("jobs that are due and still put off are overdue", async ({ storage }) => {
    await enqueue(storage, aJob({ runAt: t0 + 1_000 }), aJob({ runAt: t0 + 2_000 }));
    const overdueAt = async (now: number) => (await storage.readActivity(now)).overdue;
    expect(await overdueAt(t0 + 1_000)).toEqual({ jobs: 0, oldestAt: null });
    expect(await overdueAt(t0 + 1_001)).toEqual({ jobs: 1, oldestAt: t0 + 1_000 });
    expect(await overdueAt(t0 + 5_000)).toEqual({ jobs: 2, oldestAt: t0 + 1_000 });
  });

  law("uses of one unique key are counted where they cost something", async ({ storage }) => {
    for (let use = 0; use < 3; use++) {
      const unique = { key: "k", while: "unfinished", until: null, onConflict: "skip" } as const;
      await settleOne(storage, await runOne(storage, { unique }), "completed");
    }
    const { keys } = await storage.readActivity(t0);
    const counted = [{ name: "work", key: "k", uses: 3, spanMs: 0 }];
    expect(keys).toEqual(storage.kind === "postgres" ? counted : []);
  });
};
