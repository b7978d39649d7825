import { expect } from "vitest";
import { bring, stateOf } from "./bring.ts";
import { aJob, claim, enqueueOne, hire, single, someJobs, stop, t0, uniqueOn } from "./jobs.ts";
import { type Chapter, proveAt } from "./law.ts";

/** What holds for a storage as a whole. */
export const storageLaws: Chapter = (law, harness) => {
  law("the database's time is whole milliseconds and goes on", async ({ storage }) => {
    const first = await storage.serverTime();
    const second = await storage.serverTime();
    expect(Number.isSafeInteger(first)).toBe(true);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(first).toBeGreaterThan(1_700_000_000_000);
  });

  law("two databases know nothing of each other", async ({ storage }) => {
    await proveAt(harness.fresh, async ({ storage: elsewhere }) => {
      const unique = uniqueOn("k");
      await enqueueOne(storage, { unique });
      await hire(storage);
      await storage.pauseQueue("default", true);
      expect(await elsewhere.listJobs({}, 10)).toEqual([]);
      expect(await elsewhere.listWorkers()).toEqual([]);
      expect(await elsewhere.listQueues()).toEqual([]);
      expect(single(await elsewhere.insertJobs([aJob({ unique })])).outcome).toBe("enqueued");
      expect(await claim(elsewhere, await hire(elsewhere))).toHaveLength(1);
    });
  });

  law("what one connection stored another one reads", async ({ storage, connect }) => {
    const id = await enqueueOne(storage);
    const other = await connect();
    expect(await stateOf(other, id)).toBe("available");
    await other.cancelJob(id, stop);
    expect(await stateOf(storage, id)).toBe("cancelled");
  });

  law(
    "what was stored is there after the storage was closed and opened",
    async ({ storage, connect }) => {
      const id = await enqueueOne(storage, { payload: '"kept"' });
      await storage.close();
      const again = await connect();
      expect(await again.getJob(id)).toMatchObject({ payload: "kept", state: "available" });
    },
  );

  law("closing twice is no error", async ({ storage }) => {
    await storage.close();
    await expect(storage.close()).resolves.toBeUndefined();
  });

  law("closing waits for what is under way", async ({ storage, connect }) => {
    const stored = storage.insertJobs(someJobs(5_000));
    await storage.close();
    expect(await stored).toHaveLength(5_000);
    expect(await (await connect()).countJobs({})).toMatchObject({ available: 5_000 });
  });

  law("after close every call rejects with a coded error", async ({ storage }) => {
    await storage.close();
    const calls = [
      storage.insertJobs([aJob()]),
      storage.getJob("1"),
      storage.listWorkers(),
      storage.promoteJobs(1, t0),
      storage.transact(async () => 1),
      storage.serverTime(),
      storage.migrate(),
      storage.listen({ onWork: () => {}, onCancel: () => {} }),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "CLIENT_CLOSED" } });
    }
  });

  law("every table keeps a job's times to the millisecond", async (place) => {
    const { storage } = place;
    const time = t0 - 123;
    for (const state of ["scheduled", "completed", "cancelled", "available"] as const) {
      const id = await bring(place, state, { createdAt: time });
      expect((await storage.getJob(id))?.createdAt).toBe(time);
    }
  });
};
