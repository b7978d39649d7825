import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import type { CappedAnswer, CappedRequest } from "../../src/storage/contract/claim.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settlement,
  settleOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { orphansOf } from "./orphans.ts";

const act = { now: t0, by: null };

/** Lets so many jobs of the queue `default` run at once. */
export async function cap(storage: Storage, maxRunning: number | null): Promise<void> {
  await storage.updateQueue("default", { maxRunning }, act);
}

/** Claims from the capped queue `default` until nobody else is at it. */
export async function claimCapped(
  storage: Storage,
  owner: string,
  given: Partial<CappedRequest> = {},
): Promise<CappedAnswer> {
  const all = { limit: 1_000, part: 1_000, handlers: { work: 1 }, floors: {}, now: t0 };
  for (;;) {
    const answer = await storage.claimCapped({ owner, queue: "default", ...all, ...given });
    if (!answer.busy) return answer;
  }
}

const idsOf = (jobs: readonly ClaimedJob[]) => jobs.map(({ lease }) => lease.id);

/** How many jobs of the queue `default` run. */
export async function running(storage: Storage): Promise<number> {
  return (await storage.countJobs({ queue: "default" })).running;
}

/** Claims of queues that have a `maxRunning`. */
export const cappedLaws: Chapter = (law) => {
  law(
    "no more jobs of a queue run than its maxRunning, oldest first, and one more for each that ends",
    async ({ storage }) => {
      await cap(storage, 3);
      const [one, two] = [await hire(storage), await hire(storage)];
      const ids = await enqueue(storage, ...someJobs(6));
      const first = await claimCapped(storage, one, { limit: 2 });
      expect([idsOf(first.jobs), first.room, first.own]).toEqual([ids.slice(0, 2), 1, 2]);
      const second = await claimCapped(storage, two);
      expect([idsOf(second.jobs), second.room, second.own]).toEqual([[ids[2]], 0, 1]);
      expect(await claimCapped(storage, one)).toMatchObject({ jobs: [], room: 0, own: 2 });
      await settleOne(storage, single(second.jobs), "completed");
      const third = await claimCapped(storage, one);
      expect([idsOf(third.jobs), third.room, third.own]).toEqual([[ids[3]], 0, 3]);
    },
  );

  law("a claim takes no more than the worker's part, those that run included", async (place) => {
    const { storage } = place;
    await cap(storage, 7);
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(9));
    expect((await claimCapped(storage, owner, { part: 2, limit: 1 })).jobs).toHaveLength(1);
    const second = await claimCapped(storage, owner, { part: 3 });
    expect([second.jobs.length, second.room, second.own]).toEqual([2, 4, 3]);
    expect((await claimCapped(storage, owner, { part: 3 })).jobs).toEqual([]);
    expect(await claimCapped(storage, owner, { part: 0 })).toMatchObject({ jobs: [], room: 4 });
  });

  law("other claims leave a queue with a maxRunning alone, and take the rest", async (place) => {
    const { storage } = place;
    await cap(storage, 3);
    const owner = await hire(storage, { queues: ["default", "free"] });
    await enqueue(storage, ...someJobs(2));
    const job = await enqueueOne(storage, { queue: "free" });
    const queues = ["default", "free"].map((queue) => ({ queue, limit: 5 }));
    const taken = single(await claim(storage, owner, { queues }));
    expect(taken.lease.id).toBe(job);
    const request = { owner, queues, limit: 9, handlers: { work: 1 }, floors: {}, now: t0 };
    const turn = await storage.settleAndClaim([settlement(taken, "completed")], request);
    expect([turn.settled, turn.claimed.jobs]).toEqual([[{ outcome: "settled" }], []]);
    await cap(storage, null);
    expect((await claimCapped(storage, owner)).jobs).toEqual([]);
    expect(await claim(storage, owner, { queues })).toHaveLength(2);
  });

  law("jobs that ran when maxRunning was set count, whenever it was set", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(9));
    const before = await claim(storage, owner, { limit: 2 });
    await cap(storage, 4);
    expect((await claimCapped(storage, owner, { limit: 1 })).jobs).toHaveLength(1);
    await cap(storage, null);
    const between = await claim(storage, owner, { limit: 1 });
    await cap(storage, 5);
    expect((await claimCapped(storage, owner)).jobs).toHaveLength(1);
    for (const job of [...before, ...between]) await settleOne(storage, job, "completed");
    expect((await claimCapped(storage, owner)).jobs).toHaveLength(3);
    expect(await running(storage)).toBe(5);
  });

  law("a maxRunning that is lowered lets nothing begin until enough have ended", async (place) => {
    const { storage } = place;
    await cap(storage, 4);
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(9));
    const { jobs } = await claimCapped(storage, owner);
    await cap(storage, 2);
    for (const job of jobs.slice(0, 2)) {
      expect(await claimCapped(storage, owner)).toMatchObject({ jobs: [], room: 0 });
      await settleOne(storage, job, "completed");
    }
    expect((await claimCapped(storage, owner)).jobs).toEqual([]);
    await settleOne(storage, jobs[2] as ClaimedJob, "completed");
    expect((await claimCapped(storage, owner)).jobs).toHaveLength(1);
    await cap(storage, 6);
    expect((await claimCapped(storage, owner)).jobs).toHaveLength(4);
  });

  for (const to of ["completed", "retryable", "available", "cancelled", "discarded"] as const) {
    law(`a job that ends as ${to} gives its place back`, async ({ storage }) => {
      await cap(storage, 1);
      const owner = await hire(storage);
      await enqueue(storage, ...someJobs(2));
      const job = single((await claimCapped(storage, owner)).jobs);
      expect((await claimCapped(storage, owner)).jobs).toEqual([]);
      await settleOne(storage, job, to);
      expect((await claimCapped(storage, owner)).jobs).toHaveLength(1);
      expect((await claimCapped(storage, owner)).jobs).toEqual([]);
    });
  }

  law("the jobs of a dead worker count until they are rescued", async ({ storage }) => {
    await cap(storage, 1);
    const [dying, owner] = [await hire(storage), await hire(storage)];
    await enqueue(storage, ...someJobs(2));
    await claimCapped(storage, dying);
    await storage.unregisterWorker(dying);
    expect((await claimCapped(storage, owner)).jobs).toEqual([]);
    await settleOne(storage, single(await orphansOf(storage, 9)), "retryable");
    expect((await claimCapped(storage, owner)).jobs).toHaveLength(1);
  });

  law(
    "a capped claim takes nothing of a paused or cooling queue, nor for a dead worker",
    async ({ storage }) => {
      await cap(storage, 3);
      const owner = await hire(storage);
      await enqueue(storage, ...someJobs(2));
      await storage.pauseQueue("default", true);
      expect((await claimCapped(storage, owner)).jobs).toEqual([]);
      await storage.pauseQueue("default", false);
      const until = { level: 1, closedUntil: t0 + 1 };
      await storage.coolQueue("default", { level: 0, closedUntil: 0 }, until);
      expect((await claimCapped(storage, owner)).jobs).toEqual([]);
      expect((await claimCapped(storage, "999999", { now: t0 + 1 })).jobs).toEqual([]);
      expect((await claimCapped(storage, owner, { now: t0 + 1 })).jobs).toHaveLength(2);
    },
  );

  law("a capped claim takes what any claim would take, in the same order", async ({ storage }) => {
    await cap(storage, 9);
    const owner = await hire(storage);
    const [late, early, , , high] = await enqueue(
      storage,
      aJob({ payload: '"late"', tags: ["t"] }),
      aJob({ payload: '"early"', priority: 1, unique: uniqueOn("k", { while: "waiting" }) }),
      aJob({ name: "other" }),
      aJob({ version: 2 }),
      aJob({ queue: "elsewhere" }),
    );
    const { jobs, floors } = await claimCapped(storage, owner);
    expect(idsOf(jobs)).toEqual([early, late]);
    expect(jobs[1]).toMatchObject({
      lease: { owner, run: 1 },
      payload: '"late"',
      attempt: 1,
      started: true,
      claimedAt: t0,
      tags: ["t"],
      queue: "default",
    });
    expect(await stateOf(storage, high ?? "")).toBe("available");
    const again = aJob({ unique: uniqueOn("k", { while: "waiting" }) });
    expect(single(await storage.insertJobs([again])).outcome, "its key is free").toBe("enqueued");
    expect((await claimCapped(storage, owner, { floors })).jobs).toHaveLength(1);
  });

  law(
    "a queue's place is not given back by a job that was cancelled before it ran",
    async (place) => {
      const { storage } = place;
      await cap(storage, 1);
      const owner = await hire(storage);
      const [, waiting = ""] = await enqueue(storage, ...someJobs(3));
      await claimCapped(storage, owner);
      await storage.cancelJob(waiting, stop);
      expect((await claimCapped(storage, owner)).jobs).toEqual([]);
    },
  );

  law("callers at once never run more jobs than maxRunning, and run as many", async (place) => {
    const { storage } = place;
    const other = await place.connect();
    await cap(storage, 3);
    await enqueue(storage, ...someJobs(24));
    const most: number[] = [];
    await Promise.all(
      [storage, other, storage].map(async (each) => {
        const owner = await hire(each);
        while ((await storage.countJobs({})).available > 0) {
          const { jobs } = await claimCapped(each, owner, { limit: 2 });
          most.push(await running(each));
          for (const job of jobs) await settleOne(each, job, "completed");
        }
      }),
    );
    expect(Math.max(...most)).toBe(3);
    expect((await storage.countJobs({})).completed).toBe(24);
  });

  law("what a queue counted before is forgotten with its maxRunning", async (place) => {
    const { storage } = place;
    await cap(storage, 5);
    await runOne(storage, { queue: "free" });
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(3));
    await claimCapped(storage, owner);
    await cap(storage, null);
    if (storage.kind === "postgres") {
      const application = await place.application();
      expect(await application.query(`SELECT * FROM ${place.table("capped")}`)).toEqual([]);
    }
    expect(await running(storage)).toBe(3);
  });
};
