import { expect } from "vitest";
import { jobAt, stateOf } from "./bring.ts";
import {
  admitAt,
  claimGated,
  claimIds,
  endAndAdmit,
  expectSoundAdmission,
  laneOf,
  passOver,
} from "./gates.ts";
import {
  aJob,
  claim,
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
import type { Chapter } from "./law.ts";

const gates = laneOf("a");
const replacing = uniqueOn("k", { while: "waiting", onConflict: "replace" });

/** What operators and unique keys do to jobs in a lane. */
export const laneVerbLaws: Chapter = (law) => {
  law("a cancel of the one let in lets the next in at once", async ({ storage }) => {
    const owner = await hire(storage);
    const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    expect(await storage.cancelJob(first ?? "", stop)).toBe("cancelled");
    expect(await claimIds(storage, owner)).toEqual([second]);
  });

  law(
    "a cancel or a delete of one that waits leaves the lane to those behind it",
    async ({ storage }) => {
      const owner = await hire(storage);
      const [first, second, third] = await enqueue(storage, ...someJobs(3, { gates }));
      expect(await storage.cancelJob(first ?? "", stop)).toBe("cancelled");
      const [let_in] = await claimIds(storage, owner);
      expect(let_in).toBe(second);
      expect(await storage.deleteJob(third ?? "", t0)).toBe("deleted");
      expect(await admitAt(storage, gates)).toBe(0);
    },
  );

  law("a delete of the one let in lets the next in at once", async ({ storage }) => {
    const owner = await hire(storage);
    const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    expect(await storage.deleteJob(first ?? "", t0)).toBe("deleted");
    expect(await claimIds(storage, owner)).toEqual([second]);
  });

  law("a retry by hand and a run now wait for their lane", async ({ storage }) => {
    const owner = await hire(storage);
    const holder = await enqueueOne(storage, { gates });
    await admitAt(storage, gates);
    const retried = await enqueueOne(storage, { gates });
    await storage.cancelJob(retried, stop);
    const hurried = await enqueueOne(storage, { gates, runAt: t0 + 60_000 });
    expect(await storage.retryJob(retried, t0)).toBe("retried");
    expect(await storage.runJobNow(hurried, t0)).toBe("available");
    expect(await stateOf(storage, retried)).toBe("blocked");
    expect(await stateOf(storage, hurried)).toBe("blocked");
    await expectSoundAdmission(storage);
    for (const id of [holder, retried, hurried]) {
      const job = single(await claim(storage, owner));
      expect(job.lease.id).toBe(id);
      await endAndAdmit(storage, job, "completed");
    }
  });

  law(
    "a retry by hand and a run now are let in at once when their lane is free",
    async ({ storage }) => {
      await hire(storage);
      const retried = await enqueueOne(storage, { gates });
      await storage.cancelJob(retried, stop);
      const hurried = await enqueueOne(storage, { gates: laneOf("b"), runAt: t0 + 60_000 });
      await storage.retryJob(retried, t0);
      await storage.runJobNow(hurried, t0);
      expect(await stateOf(storage, retried)).toBe("available");
      expect(await stateOf(storage, hurried)).toBe("available");
      await expectSoundAdmission(storage);
    },
  );

  law(
    "a replaced job leaves the lane it was let into, and waits in its new one",
    async ({ storage }) => {
      const owner = await hire(storage);
      const id = await enqueueOne(storage, { gates, unique: replacing });
      const second = await enqueueOne(storage, { gates });
      await admitAt(storage, gates);
      const moved = await storage.insertJobs([aJob({ gates: laneOf("b"), unique: replacing })]);
      expect(single(moved)).toEqual({ id, outcome: "replaced" });
      expect(await jobAt(storage, id)).toMatchObject({ state: "blocked", waitingFor: "lane:b" });
      await expectSoundAdmission(storage);
      expect(await passOver(storage)).toBe(2);
      expect((await claimIds(storage, owner)).toSorted()).toEqual([id, second].toSorted());
      await expectSoundAdmission(storage);
    },
  );

  law(
    "a replaced job that is put off, or has no gates any more, frees its lane",
    async ({ storage }) => {
      const owner = await hire(storage);
      for (const given of [{ runAt: t0 + 60_000 }, {}]) {
        const id = await enqueueOne(storage, { gates, unique: replacing });
        const next = await enqueueOne(storage, { gates });
        await admitAt(storage, gates);
        const receipt = single(await storage.insertJobs([aJob({ ...given, unique: replacing })]));
        expect(receipt).toEqual({ id, outcome: "replaced" });
        await admitAt(storage, gates);
        const taken = await claimGated(storage, owner);
        const ids = taken.map(({ lease }) => lease.id);
        expect(ids).toContain(next);
        expect(ids.includes(id)).toBe(given.runAt === undefined);
        for (const job of taken) await settleOne(storage, job, "completed");
        await storage.deleteJob(id);
      }
    },
  );

  law(
    "a unique job that hands on its state waits for its limit with that state",
    async ({ storage }) => {
      const owner = await hire(storage);
      const unique = uniqueOn("k", { inheritState: true });
      await enqueueOne(storage, { gates, unique });
      await admitAt(storage, gates);
      const job = single(await claim(storage, owner));
      await storage.patchJob(job.lease, { checkpoint: '"kept"' });
      await settleOne(storage, job, "completed");
      const id = await enqueueOne(storage, { gates, unique });
      expect(await jobAt(storage, id)).toMatchObject({ state: "blocked", checkpoint: "kept" });
    },
  );
};
