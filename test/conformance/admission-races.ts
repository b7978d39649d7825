import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { jobAt, stateOf } from "./bring.ts";
import {
  admitAt,
  allOf,
  claimGated,
  declare,
  expectSoundAdmission,
  laneOf,
  limitOf,
  passOver,
  serving,
} from "./gates.ts";
import {
  aJob,
  enqueue,
  enqueueOne,
  hire,
  settleOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import { type Race, race } from "./race.ts";
import { orphansOf } from "./orphans.ts";

const gates = laneOf("a");
const both = allOf(gates, laneOf("b"));
const replacing = uniqueOn("k", { while: "waiting", onConflict: "replace" });

const admit = (storage: Storage) => storage.admitJobs(["lane:a"], t0);

/** Two jobs of one lane. */
async function twoInLane(storage: Storage) {
  await hire(storage, serving);
  return await enqueue(storage, ...someJobs(2, { gates }));
}

/** Two jobs of one lane, the first of them let in. */
async function oneLetIn(storage: Storage) {
  const ids = await twoInLane(storage);
  await admitAt(storage, gates);
  return ids;
}

/** Two jobs of one lane, the first of them running. */
async function oneRunning(storage: Storage): Promise<{ job: ClaimedJob; next: string }> {
  const owner = await hire(storage, serving);
  const [, next = ""] = await oneLetIn(storage);
  return { job: single(await claimGated(storage, owner)), next };
}

/** The jobs a claim of everything takes now. */
async function takeAll(storage: Storage): Promise<readonly string[]> {
  const owner = await hire(storage, serving);
  return (await claimGated(storage, owner)).map(({ lease }) => lease.id);
}

/** Who is in the lane after the pass that follows every lost call; exactly one, as long as somebody wants to. */
async function expectInLane(storage: Storage, ids: readonly (string | undefined)[]): Promise<void> {
  await expectSoundAdmission(storage);
  await passOver(storage);
  await expectSoundAdmission(storage);
  expect(await storage.listHolders("lane:a", 10)).toEqual(ids);
}

/** Every pair of calls that meets at a gate. */
export const admissionRaces: readonly Race[] = [
  race("two admissions at a lane: one job is let in", {
    setUp: twoInLane,
    one: admit,
    two: admit,
    check: async ({ storage, setup, one, two }) => {
      expect(one.rows + two.rows).toBe(1);
      await expectInLane(storage, [setup[0]]);
    },
  }),

  race("an admission and the pass: one job is let in", {
    setUp: twoInLane,
    one: admit,
    two: (storage) => storage.admitWaiting(100, t0),
    check: async ({ storage, setup, one, two }) => {
      expect(one.rows + two.rows).toBe(1);
      await expectInLane(storage, [setup[0]]);
    },
  }),

  race("an enqueue and an admission: the older job is let in, or the pass lets it in", {
    setUp: (storage) => hire(storage, serving),
    one: (storage) => enqueueOne(storage, { gates }),
    two: admit,
    check: async ({ storage, one, two, first }) => {
      if (first === "one") expect(two.rows).toBe(1);
      if (first === "two") expect(two.rows).toBe(0);
      await expectInLane(storage, [one]);
    },
  }),

  race(
    "an admission and the end of the job let in: the lane is never had by two, and is handed on",
    {
      setUp: oneRunning,
      one: admit,
      two: (storage, { job }) => settleOne(storage, job, "completed"),
      check: async ({ storage, setup, one, two, first }) => {
        expect(two).toEqual({ outcome: "settled" });
        if (first === "two") expect(one.rows).toBe(1);
        if (first === "one") expect(one.rows).toBe(0);
        await expectInLane(storage, [setup.next]);
      },
    },
  ),

  race("an admission and a retry of the job let in: the next has the lane", {
    setUp: oneRunning,
    one: admit,
    two: (storage, { job }) => settleOne(storage, job, "retryable"),
    check: async ({ storage, setup, two }) => {
      expect(two).toEqual({ outcome: "settled" });
      await expectInLane(storage, [setup.next]);
    },
  }),

  race("an admission and a settlement back into the line: one of the two has the lane", {
    setUp: oneRunning,
    one: admit,
    two: (storage, { job }) => settleOne(storage, job, "blocked", { runAt: t0 }),
    check: async ({ storage, setup }) => {
      await expectInLane(storage, [setup.next]);
      expect(await stateOf(storage, setup.job.lease.id)).toBe("blocked");
    },
  }),

  race("an admission and the release of the job let in: it keeps the lane", {
    setUp: oneRunning,
    one: admit,
    two: (storage, { job }) => settleOne(storage, job, "available"),
    check: async ({ storage, setup, one }) => {
      expect(one.rows).toBe(0);
      await expectInLane(storage, [setup.job.lease.id]);
    },
  }),

  race("an admission and a rescue of the job let in: the next has the lane", {
    setUp: async (storage) => {
      const running = await oneRunning(storage);
      await storage.unregisterWorker(running.job.lease.owner);
      return running;
    },
    one: admit,
    two: async (storage) => {
      const orphans = await orphansOf(storage, 10);
      return await settleOne(storage, single(orphans), "retryable", { crashes: 1 });
    },
    check: async ({ storage, setup, two }) => {
      expect(two).toEqual({ outcome: "settled" });
      await expectInLane(storage, [setup.next]);
    },
  }),

  race("an admission and a cancel of the oldest: it is cancelled, and the other has the lane", {
    setUp: twoInLane,
    one: admit,
    two: (storage, [oldest = ""]) => storage.cancelJob(oldest, stop),
    check: async ({ storage, setup, two }) => {
      expect(two).toBe("cancelled");
      expect(await stateOf(storage, setup[0] ?? "")).toBe("cancelled");
      await expectInLane(storage, [setup[1]]);
    },
  }),

  race("an admission and a cancel of the job let in: the other has the lane", {
    setUp: oneLetIn,
    one: admit,
    two: (storage, [letIn = ""]) => storage.cancelJob(letIn, stop),
    check: async ({ storage, setup, two }) => {
      expect(two).toBe("cancelled");
      await expectInLane(storage, [setup[1]]);
    },
  }),

  race("an admission and a delete of the oldest: it is gone, and the other has the lane", {
    setUp: twoInLane,
    one: admit,
    two: (storage, [oldest = ""]) => storage.deleteJob(oldest, t0),
    check: async ({ storage, setup, two }) => {
      expect(two).toBe("deleted");
      expect(await storage.getJob(setup[0] ?? "")).toBeUndefined();
      await expectInLane(storage, [setup[1]]);
    },
  }),

  race("an admission and a promotion: the one that waited before it goes first", {
    setUp: async (storage) => {
      await hire(storage, serving);
      const later = await enqueueOne(storage, { gates, runAt: t0 + 1 });
      return { later, waiting: await enqueueOne(storage, { gates }) };
    },
    one: admit,
    two: (storage) => storage.promoteJobs(10, t0 + 1),
    check: async ({ storage, setup, two }) => {
      expect(two).toMatchObject({ rows: 1, gates: ["lane:a"] });
      await expectInLane(storage, [setup.waiting]);
      expect(await stateOf(storage, setup.later)).toBe("blocked");
    },
  }),

  race("admissions at the two gates of one job: it has both or none", {
    setUp: async (storage) => {
      await hire(storage, serving);
      return await enqueueOne(storage, { gates: both });
    },
    one: (storage) => storage.admitJobs(["lane:a"], t0),
    two: (storage) => storage.admitJobs(["lane:b"], t0),
    check: async ({ storage, setup, one, two }) => {
      expect(one.rows + two.rows).toBeLessThanOrEqual(1);
      await expectInLane(storage, [setup]);
      expect(await storage.listHolders("lane:b", 10)).toEqual([setup]);
    },
  }),

  race("admissions of two jobs that share a second gate: one of them is let in", {
    setUp: async (storage) => {
      await hire(storage, serving);
      return await enqueue(
        storage,
        aJob({ gates: allOf(laneOf("a"), laneOf("z")) }),
        aJob({ gates: allOf(laneOf("b"), laneOf("z")) }),
      );
    },
    one: (storage) => storage.admitJobs(["lane:a"], t0),
    two: (storage) => storage.admitJobs(["lane:b"], t0),
    check: async ({ storage, setup, one, two }) => {
      expect(one.rows + two.rows).toBeLessThanOrEqual(1);
      await expectSoundAdmission(storage);
      await passOver(storage);
      await expectSoundAdmission(storage);
      const [holder] = await storage.listHolders("lane:z", 10);
      expect(setup).toContain(holder);
    },
  }),

  race("admissions at two keys of a limit and at the limit a job shares: never too many", {
    setUp: async (storage) => {
      await hire(storage, serving);
      await declare(storage, { s: 2, t: 2 });
      const shared = allOf(limitOf("s"), limitOf("t"));
      return await enqueue(
        storage,
        ...[shared, limitOf("s"), limitOf("t"), shared, shared].map((own) => aJob({ gates: own })),
      );
    },
    one: (storage) => storage.admitJobs(["limit:s"], t0),
    two: (storage) => storage.admitJobs(["limit:t"], t0),
    check: async ({ storage }) => {
      await expectSoundAdmission(storage);
      await passOver(storage);
      await expectSoundAdmission(storage);
      expect(await storage.listHolders("limit:s", 10)).toHaveLength(2);
      expect(await storage.listHolders("limit:t", 10)).toHaveLength(2);
    },
  }),

  race("an admission and a replace of the job that waits: it waits in its new lane only", {
    setUp: async (storage) => {
      await hire(storage, serving);
      return await enqueueOne(storage, { gates, unique: replacing });
    },
    one: admit,
    two: async (storage) =>
      single(await storage.insertJobs([aJob({ gates: laneOf("b"), unique: replacing })])),
    check: async ({ storage, setup, two }) => {
      expect(two).toEqual({ id: setup, outcome: "replaced" });
      await expectInLane(storage, []);
      expect(await jobAt(storage, setup)).toMatchObject({ state: "available", gates: laneOf("b") });
    },
  }),

  race(
    "an admission and a pause: nothing of the paused queue is claimed, and it does not hold the lane",
    {
      setUp: async (storage) => {
        await storage.pauseQueue("default", false, t0);
        const ids = await twoInLane(storage);
        return { ids, other: await enqueueOne(storage, { gates, queue: "other" }) };
      },
      one: admit,
      two: (storage) => storage.pauseQueue("default", true, t0),
      check: async ({ storage, setup }) => {
        await expectInLane(storage, [setup.other]);
        expect(await takeAll(storage)).toEqual([setup.other]);
        await storage.pauseQueue("default", false, t0);
      },
    },
  ),

  race("a claim and a pause that sends the job back: it runs in its lane, or waits before it", {
    setUp: async (storage) => {
      await storage.pauseQueue("default", false, t0);
      const [letIn = ""] = await oneLetIn(storage);
      const other = await enqueueOne(storage, { gates, queue: "other" });
      return { letIn, other, owner: await hire(storage, serving) };
    },
    one: (storage, { owner }) => claimGated(storage, owner),
    two: (storage) => storage.pauseQueue("default", true, t0),
    check: async ({ storage, setup, one }) => {
      const taken = one.map(({ lease }) => lease.id);
      const running = taken.includes(setup.letIn);
      await expectInLane(storage, [running ? setup.letIn : setup.other]);
      expect(await stateOf(storage, setup.letIn)).toBe(running ? "running" : "blocked");
      await storage.pauseQueue("default", false, t0);
    },
  }),

  race("two passes over jobs to send back: each goes once, and the lane is handed on once", {
    setUp: async (storage) => {
      const only = await hire(storage);
      await enqueueOne(storage, { gates });
      await admitAt(storage, gates);
      await storage.unregisterWorker(only);
      await hire(storage, { queues: ["other"] });
      return await enqueue(storage, ...someJobs(2, { gates, queue: "other" }));
    },
    one: (storage) => storage.admitWaiting(100, t0),
    two: (storage) => storage.admitWaiting(100, t0),
    check: async ({ storage, setup, one, two }) => {
      expect(one.rows + two.rows).toBeLessThanOrEqual(1);
      await expectInLane(storage, [setup[0]]);
    },
  }),

  race("a retry by hand and an enqueue into the same lane: one of them has it", {
    setUp: async (storage) => {
      await hire(storage, serving);
      const id = await enqueueOne(storage, { gates });
      await storage.cancelJob(id, stop);
      return id;
    },
    one: (storage, id) => storage.retryJob(id, t0),
    two: async (storage) => {
      const id = await enqueueOne(storage, { gates });
      await storage.admitJobs(["lane:a"], t0);
      return id;
    },
    check: async ({ storage, setup, two }) => {
      await expectSoundAdmission(storage);
      await passOver(storage);
      await expectSoundAdmission(storage);
      expect([setup, two]).toContain(single(await storage.listHolders("lane:a", 10)));
    },
  }),

  race("an admission and a lowered limit: what is let in afterwards keeps to it", {
    setUp: async (storage) => {
      await hire(storage, serving);
      await declare(storage, { u: 3 });
      await storage.updateScope("u", { concurrent: 3 }, t0);
      return await enqueue(storage, ...someJobs(3, { gates: limitOf("u") }));
    },
    one: (storage) => storage.admitJobs(["limit:u"], t0),
    two: (storage) => storage.updateScope("u", { concurrent: 1 }, t0),
    check: async ({ storage, setup, one, first }) => {
      if (first === "two") expect(one.rows).toBe(1);
      expect([1, 3]).toContain(one.rows);
      await passOver(storage);
      const holders = await storage.listHolders("limit:u", 10);
      expect(holders).toEqual(setup.slice(0, Math.max(one.rows, 1)));
    },
  }),
];
