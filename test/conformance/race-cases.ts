import { expect } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { jobAt } from "./bring.ts";
import { cap, claimCapped, running } from "./capped.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settleOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import { type Race, race } from "./race.ts";
import { orphansOf } from "./orphans.ts";

/** What a refused call answers in a race. */
export const codeOf = (error: unknown): unknown => Reflect.get(Object(error), "code");
const due = t0 + 1_000;
const waiting = uniqueOn("k", { while: "waiting", onConflict: "replace" });

/** Every pair of calls whose order the design does not leave to chance. */
export const races: readonly Race[] = [
  race("a cancel and a promotion: the job is cancelled", {
    setUp: (storage) => enqueueOne(storage, { runAt: due }),
    one: (storage, id) => storage.cancelJob(id, stop),
    two: (storage) => storage.promoteJobs(10, due),
    check: async ({ storage, setup, one }) => {
      expect(one).toBe("cancelled");
      expect((await jobAt(storage, setup)).state).toBe("cancelled");
    },
  }),

  race("a settle and a rescue: exactly one is written", {
    setUp: async (storage) => {
      const job = await runOne(storage);
      await storage.unregisterWorker(job.lease.owner);
      return job;
    },
    one: (storage, job) => settleOne(storage, job, "completed", { result: '"done"' }),
    two: async (storage) => {
      const [orphan] = await orphansOf(storage, 10);
      return orphan && (await settleOne(storage, orphan, "retryable", { crashes: 1 }));
    },
    check: async ({ storage, setup, one, two, first }) => {
      const { state, result, crashes } = await jobAt(storage, setup.lease.id);
      const settled = one.outcome === "settled";
      if (first !== undefined) expect(settled).toBe(first === "one");
      expect(two?.outcome === "settled").toBe(!settled);
      expect({ state, result, crashes }).toEqual(
        settled
          ? { state: "completed", result: "done", crashes: 0 }
          : { state: "retryable", result: undefined, crashes: 1 },
      );
    },
  }),

  race("a claim and the end of its worker: the job is free, or an orphan to rescue", {
    setUp: async (storage) => ({ id: await enqueueOne(storage), owner: await hire(storage) }),
    one: (storage, { owner }) => claim(storage, owner),
    two: (storage, { owner }) => storage.unregisterWorker(owner),
    check: async ({ storage, setup, one, first }) => {
      const orphans = await orphansOf(storage, 10);
      expect(orphans.map(({ lease }) => lease)).toEqual(one.map(({ lease }) => lease));
      if (first === "one") expect(orphans).toHaveLength(1);
      if (first === "two") expect(orphans).toHaveLength(0);
      if (orphans.length === 0) expect((await jobAt(storage, setup.id)).state).toBe("available");
    },
  }),

  race("a cancel request and a settle that lets the job live: the request is never lost", {
    setUp: (storage) => runOne(storage),
    one: (storage, job) => storage.cancelJob(job.lease.id, stop),
    two: (storage, job) => settleOne(storage, job, "retryable"),
    check: async ({ storage, setup, one, two, first }) => {
      const { state, cancelRequested } = await jobAt(storage, setup.lease.id);
      if (first === "one") expect([one, two.outcome]).toEqual(["cancelling", "cancel-requested"]);
      if (first === "two") expect([one, two.outcome]).toEqual(["cancelled", "settled"]);
      expect([state, cancelRequested]).toEqual(
        one === "cancelling" ? ["running", stop] : ["cancelled", null],
      );
      expect(two.outcome).toBe(one === "cancelling" ? "cancel-requested" : "settled");
    },
  }),

  race("a cancel and a finishing settle: the result stays", {
    setUp: (storage) => runOne(storage),
    one: (storage, job) => storage.cancelJob(job.lease.id, stop),
    two: (storage, job) => settleOne(storage, job, "completed", { result: "1" }),
    check: async ({ storage, setup, one, two }) => {
      expect(["cancelling", "finished"]).toContain(one);
      expect(two).toEqual({ outcome: "settled" });
      expect(await jobAt(storage, setup.lease.id)).toMatchObject({ state: "completed", result: 1 });
    },
  }),

  race("two promoters: each job moves once", {
    setUp: (storage) => enqueue(storage, ...someJobs(7, { runAt: due })),
    one: (storage) => storage.promoteJobs(5, due),
    two: (storage) => storage.promoteJobs(5, due),
    check: async ({ storage, setup, one, two, first }) => {
      const { available, scheduled } = await storage.countJobs({});
      expect(available).toBe(one.rows + two.rows);
      expect(available + scheduled).toBe(setup.length);
      if (first !== undefined) expect(available).toBe(7);
    },
  }),

  race("an update and a promotion: the job is due, and as it is now", {
    setUp: (storage) => enqueueOne(storage, { runAt: due }),
    one: (storage, id) => storage.updateJob(id, { priority: 1 }, due),
    two: (storage) => storage.promoteJobs(10, due),
    check: async ({ storage, setup, one }) => {
      expect(one).toMatchObject({ queue: "default" });
      // A promotion steps over a row that is being changed.
      await storage.promoteJobs(10, due);
      const changed = { state: "available", priority: 1 };
      expect(await jobAt(storage, setup)).toMatchObject(changed);
    },
  }),

  race("an update and a claim: the job runs as it was, or as it is now", {
    setUp: async (storage) => ({ id: await enqueueOne(storage), owner: await hire(storage) }),
    one: (storage, { id }) => storage.updateJob(id, { payload: { json: '"new"' } }, t0),
    two: (storage, { owner }) => claim(storage, owner),
    check: async ({ storage, setup, one, two, first }) => {
      const stored = JSON.stringify((await jobAt(storage, setup.id)).payload);
      expect(stored).toBe(one === "running" ? "{}" : '"new"');
      for (const { payload } of two) expect(payload).toBe(stored);
      if (first === "two") expect(one).toBe("running");
    },
  }),

  race(
    "an update that puts off and one that makes due: the last one counts, and the job is there once",
    {
      setUp: (storage) => enqueueOne(storage, { runAt: due }),
      one: (storage, id) => storage.updateJob(id, { runAt: due + 9 }, t0),
      two: (storage, id) => storage.updateJob(id, { runAt: t0 }, t0),
      check: async ({ storage, setup, one, two, first }) => {
        expect([one, two]).toMatchObject([{ dueAt: due + 9 }, { dueAt: null }]);
        const { state } = await jobAt(storage, setup);
        expect(["scheduled", "available"]).toContain(state);
        if (first !== undefined) expect(state).toBe(first === "one" ? "available" : "scheduled");
        const { available, scheduled } = await storage.countJobs({});
        expect(available + scheduled).toBe(1);
      },
    },
  ),

  race("run now and a promotion: the job is available once", {
    setUp: (storage) => enqueueOne(storage, { runAt: due }),
    one: (storage, id) => storage.runJobNow(id, due),
    two: (storage) => storage.promoteJobs(10, due),
    check: async ({ storage, setup, one, two }) => {
      expect(one).toBe(two.rows === 1 ? "already" : "available");
      const jobs = await claim(storage, await hire(storage));
      expect(single(jobs).lease).toMatchObject({ id: setup, run: 1 });
    },
  }),

  race("a delete and a claim: the job is gone or runs, never both", {
    setUp: async (storage) => ({ id: await enqueueOne(storage), owner: await hire(storage) }),
    one: (storage, { id }) => storage.deleteJob(id),
    two: (storage, { owner }) => claim(storage, owner),
    check: async ({ storage, setup, one, two }) => {
      const job = await storage.getJob(setup.id);
      expect([one, job?.state, two.length]).toEqual(
        one === "deleted" ? ["deleted", undefined, 0] : ["running", "running", 1],
      );
    },
  }),

  race("a replace and a claim: the new payload is never lost", {
    setUp: async (storage) => ({
      id: await enqueueOne(storage, { payload: '"old"', unique: waiting }),
      owner: await hire(storage),
    }),
    one: async (storage) =>
      single(await storage.insertJobs([aJob({ payload: '"new"', unique: waiting })])),
    two: (storage, { owner }) => claim(storage, owner),
    check: async ({ storage, setup, one, two }) => {
      const ran = two.find(({ lease }) => lease.id === setup.id);
      if (one.outcome === "replaced") {
        expect(one.id).toBe(setup.id);
        expect((ran ?? { payload: '"new"' }).payload).toBe('"new"');
        expect((await jobAt(storage, one.id)).payload).toBe("new");
      } else {
        expect(one.outcome).toBe("enqueued");
        expect(ran?.payload).toBe('"old"');
        expect((await jobAt(storage, one.id)).payload).toBe("new");
      }
    },
  }),

  race("a skip and the end of the holder: there is a job that has not finished", {
    setUp: (storage) => runOne(storage, { unique: uniqueOn("k") }),
    one: async (storage) => single(await storage.insertJobs([aJob({ unique: uniqueOn("k") })])),
    two: (storage, job) => settleOne(storage, job, "completed"),
    check: async ({ storage, setup, one, two }) => {
      expect(two).toEqual({ outcome: "settled" });
      const { state } = await jobAt(storage, one.id);
      if (one.outcome === "existing")
        expect([one.id, state]).toEqual([setup.lease.id, "completed"]);
      else expect(state).toBe("available");
    },
  }),

  race("a retry by hand and an enqueue of the same key: one of them has it", {
    setUp: async (storage) => {
      const id = await enqueueOne(storage, { unique: uniqueOn("k") });
      await storage.cancelJob(id, stop);
      return id;
    },
    one: (storage, id) => storage.retryJob(id, t0).catch(codeOf),
    two: async (storage) => single(await storage.insertJobs([aJob({ unique: uniqueOn("k") })])),
    check: async ({ storage, setup, one, two }) => {
      expect([one, two.outcome]).toEqual(
        one === "retried" ? ["retried", "existing"] : ["UNIQUE_CONFLICT", "enqueued"],
      );
      expect(single(await storage.listJobs({ states: ["available"] }, 10)).id).toBe(two.id);
      expect(two.id === setup).toBe(one === "retried");
    },
  }),

  race("two cancels: both are answered, one is kept", {
    setUp: (storage) => enqueueOne(storage),
    one: (storage, id) => storage.cancelJob(id, { why: "one", by: null, at: t0 }),
    two: (storage, id) => storage.cancelJob(id, { why: "two", by: null, at: t0 }),
    check: async ({ storage, setup, one, two }) => {
      expect([one, two].toSorted()).toEqual(["cancelled", "finished"]);
      const { reason } = await jobAt(storage, setup);
      expect(reason?.message).toBe(one === "cancelled" ? "one" : "two");
    },
  }),

  race("a patch and a settle: the stored result is the returned one", {
    setUp: (storage) => runOne(storage),
    one: (storage, job) => storage.patchJob(job.lease, { result: '"patched"' }),
    two: (storage, job) => settleOne(storage, job, "completed", { result: '"returned"' }),
    check: async ({ storage, setup }) => {
      expect((await jobAt(storage, setup.lease.id)).result).toBe("returned");
    },
  }),

  race("a pause and a claim: nothing is claimed after the pause was answered", {
    setUp: async (storage) => {
      await storage.pauseQueue("default", false);
      await enqueue(storage, ...someJobs(3));
      return await hire(storage);
    },
    one: (storage) => storage.pauseQueue("default", true),
    two: (storage, owner) => claim(storage, owner, { limit: 1 }),
    check: async ({ storage, setup, two, first }) => {
      if (first === "one") expect(two).toEqual([]);
      if (first === "two") expect(two).toHaveLength(1);
      expect(await claim(storage, setup)).toEqual([]);
    },
  }),

  race("two claims of a queue with a maxRunning: no more run than it says", {
    setUp: async (storage) => {
      await cap(storage, 2);
      await enqueue(storage, ...someJobs(5));
      return [await hire(storage), await hire(storage)] as const;
    },
    one: (storage, [owner]) => takeCapped(storage, owner),
    two: (storage, [, owner]) => takeCapped(storage, owner),
    check: async ({ storage, one, two }) => {
      expect(one + two).toBe(2);
      expect(await running(storage)).toBe(2);
    },
  }),

  race("a claim of a queue with a maxRunning and the end of its job: at most as many run", {
    setUp: async (storage) => {
      await cap(storage, 1);
      await enqueue(storage, ...someJobs(2));
      return single((await claimCapped(storage, await hire(storage))).jobs);
    },
    one: (storage, { lease }) => takeCapped(storage, lease.owner),
    two: (storage, job) => settleOne(storage, job, "completed"),
    check: async ({ storage, setup, one, two, first }) => {
      expect(two.outcome).toBe("settled");
      expect(await running(storage)).toBe(one);
      if (first !== undefined) expect(one).toBe(first === "two" ? 1 : 0);
      expect((await takeCapped(storage, setup.lease.owner)) + one).toBe(1);
    },
  }),

  race("a claim and a maxRunning being set: what the claim took counts from then on", {
    setUp: async (storage) => {
      await enqueue(storage, ...someJobs(9));
      return hire(storage);
    },
    one: (storage, owner) => claim(storage, owner, { limit: 2 }),
    two: (storage) => cap(storage, 3),
    check: async ({ storage, setup, one }) => {
      const { room } = await claimCapped(storage, setup, { limit: 1 });
      expect([room, await running(storage)]).toEqual([2 - one.length, one.length + 1]);
    },
  }),
];

/** How many jobs one try takes; none when somebody else is at it. */
async function takeCapped(storage: Storage, owner: string): Promise<number> {
  const all = { limit: 9, part: 9, handlers: { work: 1 }, floors: {}, now: t0 };
  return (await storage.claimCapped({ owner, queue: "default", ...all })).jobs.length;
}
