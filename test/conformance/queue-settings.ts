import { expect } from "vitest";
import { bring, jobAt } from "./bring.ts";
import { claim, dayMs, enqueueOne, hire, runOne, settleOne, single, stop, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const act = { now: t0, by: "ada" };
const backoff = { minMs: 1_000, maxMs: 5_000, factor: 1.5, jitter: 0 };
const nothingSet = {
  concurrency: null,
  maxRunning: null,
  backoff: null,
  retention: { completed: null, dead: null },
};

/** What operators set for a queue, and who hears of it. */
export const queueSettingsLaws: Chapter = (law) => {
  law("settings are stored for a queue nobody has used yet, and told of", async ({ storage }) => {
    await storage.updateQueue("q", { concurrency: 3, maxRunning: 7, backoff }, act);
    await storage.updateQueue("q", { keepCompletedMs: dayMs, keepDeadMs: 2 * dayMs }, act);
    expect(single(await storage.listQueues())).toMatchObject({
      name: "q",
      concurrency: 3,
      maxRunning: 7,
      backoff,
      retention: { completed: dayMs, dead: 2 * dayMs },
      changedAt: t0,
      changedBy: "ada",
    });
  });

  law(
    "an edit leaves what it does not name, and null takes a setting back",
    async ({ storage }) => {
      await storage.updateQueue("q", { concurrency: 3, maxRunning: 7, keepDeadMs: dayMs }, act);
      await storage.pauseQueue("q", true);
      await storage.updateQueue(
        "q",
        { maxRunning: null, backoff: null },
        { now: t0 + 1, by: null },
      );
      expect(single(await storage.listQueues())).toMatchObject({
        ...nothingSet,
        concurrency: 3,
        retention: { completed: null, dead: dayMs },
        paused: true,
        changedAt: t0 + 1,
        changedBy: null,
      });
    },
  );

  law("a cooling-down is ended by hand, and leaves the settings as they are", async (place) => {
    const { storage } = place;
    const owner = await hire(storage);
    await enqueueOne(storage);
    const open = { level: 0, closedUntil: 0 };
    const closed = { level: 3, closedUntil: t0 + dayMs };
    await storage.updateQueue("default", { concurrency: 3 }, act);
    await storage.coolQueue("default", open, closed);
    expect(await claim(storage, owner)).toEqual([]);
    await storage.updateQueue("default", { cooling: null }, act);
    expect(await storage.getCooling("default")).toEqual(open);
    expect(single(await storage.listQueues())).toMatchObject({ concurrency: 3, changedBy: "ada" });
    expect(await claim(storage, owner)).toHaveLength(1);
    expect(await storage.coolQueue("default", closed, closed), "what it was is over").toBe(false);
  });

  law("a pause leaves the settings, and says who paused", async ({ storage }) => {
    await storage.updateQueue("q", { maxRunning: 7 }, act);
    await storage.pauseQueue("q", true, t0 + 5, "bob");
    expect(single(await storage.listQueues())).toMatchObject({
      paused: true,
      maxRunning: 7,
      changedAt: t0 + 5,
      changedBy: "bob",
    });
  });

  law("one queue is listed alone by its name", async ({ storage }) => {
    await enqueueOne(storage, { queue: "a" });
    await enqueueOne(storage, { queue: "b" });
    await storage.updateQueue("a", { maxRunning: 2 }, act);
    expect(single(await storage.listQueues("a"))).toMatchObject({ name: "a", available: 1 });
    expect(single(await storage.listQueues("b"))).toMatchObject({ name: "b", ...nothingSet });
    expect(await storage.listQueues("c")).toEqual([]);
  });

  law("jobs are kept as long as their queue says when they finish", async (place) => {
    const { storage } = place;
    await storage.updateQueue("default", { keepCompletedMs: dayMs, keepDeadMs: 3 * dayMs }, act);
    const done = await runOne(storage);
    await settleOne(storage, done, "completed", { result: "1" });
    const worker = await hire(storage);
    const plain = await enqueueOne(storage);
    const taken = single(await claim(storage, worker));
    const attempt = { number: 1, run: 1, worker, began: t0, ended: t0, how: "completed" } as const;
    await settleOne(storage, taken, "completed", { attempts: [attempt] });
    const dead = await runOne(storage);
    await settleOne(storage, dead, "discarded");
    const cancelled = await enqueueOne(storage);
    await storage.cancelJob(cancelled, stop);
    const other = await enqueueOne(storage, { queue: "other" });
    const queues = [{ queue: "other", limit: 1 }];
    await settleOne(storage, single(await claim(storage, worker, { queues })), "completed");
    const left = async () => (await storage.listJobs({}, 10)).map(({ id }) => id).sort();

    await storage.pruneJobs(100, t0 + 2 * dayMs);
    expect(await left()).toEqual([dead.lease.id, cancelled, other].sort());
    expect((await jobAt(storage, other)).state).toBe("completed");
    await storage.pruneJobs(100, t0 + 4 * dayMs);
    expect(await left()).toEqual([other]);
    expect(plain).not.toBe(other);
  });

  law("a worker reads the orders that concern running workers", async ({ storage }) => {
    const worker = await hire(storage, { queues: ["default", "mail"] });
    const none = { drain: null, queues: [], servers: [], names: [] };
    expect(await storage.readOrders(worker, false)).toEqual(none);
    await storage.updateQueue("mail", { concurrency: 2, backoff }, act);
    await storage.updateQueue("kept", { keepDeadMs: dayMs }, act);
    const order = { queue: "mail", concurrency: 2, maxRunning: null, backoff };
    expect(await storage.readOrders(worker, false)).toEqual({ ...none, queues: [order] });
    await storage.updateQueue("mail", { concurrency: null, backoff: null }, act);
    expect(await storage.readOrders(worker, false)).toEqual(none);
  });

  law("orders name the live workers of a queue that has a maxRunning", async (place) => {
    const { storage } = place;
    const one = await hire(storage, { queues: ["mail"], slots: { mail: 4, other: 9 } });
    const two = await hire(storage, { queues: ["mail", "default"] });
    await hire(storage);
    await storage.updateQueue("mail", { maxRunning: 7 }, act);
    const servers = async () =>
      (await storage.readOrders(one, false)).servers.map(({ queue, worker, slots }) => [
        queue,
        worker,
        slots,
      ]);
    expect(await servers()).toEqual([
      ["mail", one, 4],
      ["mail", two, null],
    ]);
    await storage.unregisterWorker(one);
    expect(await servers()).toEqual([["mail", two, null]]);
    await place.script(
      `UPDATE ${place.table("worker")} SET draining = ${place.storage.kind === "postgres" ? "true" : "1"}`,
    );
    expect(await servers()).toEqual([]);
    expect((await storage.readOrders(two, false)).drain).toEqual({ by: null });
  });

  law(
    "orders name every queue to who asks for them, also one that has only jobs",
    async (place) => {
      const { storage } = place;
      const worker = await hire(storage, { queues: ["m"] });
      await storage.pauseQueue("p", true);
      for (const queue of ["a", "m", "n", "o", "z", "A", "ü", "it's"])
        await enqueueOne(storage, { queue });
      for (const queue of ["b", "y", "n"]) await bring(place, "blocked", { queue });
      await claim(storage, worker, { queues: [{ queue: "m", limit: 1 }] });
      const { names } = await storage.readOrders(worker, true);
      const all = ["A", "a", "b", "it's", "m", "n", "o", "p", "y", "z", "ü"];
      expect([...names].sort()).toEqual(all);
      expect((await storage.readOrders(worker, false)).names).toEqual([]);
    },
  );
};
