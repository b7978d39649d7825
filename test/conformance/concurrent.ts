import { expect } from "vitest";
import { jobAt, stateOf } from "./bring.ts";
import {
  admitAt,
  admitUntilDone,
  allOf,
  claimGated,
  claimIds,
  declare,
  endAndAdmit,
  expectSoundAdmission,
  laneOf,
  limitOf,
  passOver,
} from "./gates.ts";
import { aJob, claim, enqueue, enqueueOne, hire, settleOne, single, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const gates = limitOf("s");

/** Limits of so many jobs at once. */
export const concurrentLaws: Chapter = (law) => {
  law(
    "as many are let in as the limit allows, oldest first, and one more for each that ends",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: 3 });
      const ids = await enqueue(storage, ...someJobs(6, { gates }));
      expect(await admitAt(storage, gates)).toBe(3);
      const jobs = await claim(storage, owner);
      expect(jobs.map(({ lease }) => lease.id)).toEqual(ids.slice(0, 3));
      expect(await admitAt(storage, gates)).toBe(0);
      for (const [index, job] of jobs.entries()) {
        await endAndAdmit(storage, job, "completed");
        await expectSoundAdmission(storage);
        expect(await claimIds(storage, owner)).toEqual([ids[3 + index]]);
      }
    },
  );

  law("each key of a limit counts by itself", async ({ storage }) => {
    await hire(storage);
    await declare(storage, { s: 2 });
    const keys = ["a", "b", "a:b"];
    await enqueue(storage, ...keys.flatMap((by) => someJobs(4, { gates: limitOf("s", 1, by) })));
    expect(await passOver(storage)).toBe(6);
    for (const by of keys) expect(await storage.listHolders(`limit:s:${by}`, 9)).toHaveLength(2);
    await expectSoundAdmission(storage);
  });

  law(
    "weights count: what does not fit waits, and nobody lighter overtakes it",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: 5 });
      const weights = [3, 3, 1, 2];
      const ids = await enqueue(
        storage,
        ...weights.map((weight) => aJob({ gates: limitOf("s", weight) })),
      );
      expect(await admitAt(storage, gates)).toBe(1);
      const first = single(await claim(storage, owner));
      expect(first.lease.id).toBe(ids[0]);
      await endAndAdmit(storage, first, "completed");
      const next = await claim(storage, owner);
      expect(next.map(({ lease }) => lease.id)).toEqual([ids[1], ids[2]]);
      await expectSoundAdmission(storage);
      await endAndAdmit(storage, next[1] ?? first, "completed");
      expect(await claimIds(storage, owner)).toEqual([ids[3]]);
    },
  );

  law("a job heavier than the whole limit runs alone", async ({ storage }) => {
    const owner = await hire(storage);
    await declare(storage, { s: 2 });
    const [light, heavy, behind] = await enqueue(
      storage,
      aJob({ gates }),
      aJob({ gates: limitOf("s", 9) }),
      aJob({ gates }),
    );
    await admitAt(storage, gates);
    const first = single(await claim(storage, owner));
    expect(first.lease.id).toBe(light);
    await endAndAdmit(storage, first, "completed");
    const alone = single(await claim(storage, owner));
    expect(alone.lease.id).toBe(heavy);
    await expectSoundAdmission(storage);
    await endAndAdmit(storage, alone, "completed");
    expect(await claimIds(storage, owner)).toEqual([behind]);
  });

  law(
    "a job with several limits and a lane has room in all of them or waits",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: 2, t: 1 });
      const several = allOf(gates, limitOf("t"), laneOf("a"));
      const inT = await enqueueOne(storage, { gates: limitOf("t") });
      await passOver(storage);
      const id = await enqueueOne(storage, { gates: several });
      const [one, two, three] = await enqueue(storage, ...someJobs(3, { gates }));
      expect(await passOver(storage)).toBe(2);
      const jobs = await claim(storage, owner);
      expect(jobs.map(({ lease }) => lease.id).toSorted()).toEqual(
        [inT, String(one), String(two)].toSorted(),
      );
      const [holder] = jobs.filter(({ lease }) => lease.id === inT);
      if (holder !== undefined) await endAndAdmit(storage, holder, "completed");
      expect(await claimIds(storage, owner)).toEqual([]);
      const [ended] = jobs.filter(({ lease }) => lease.id === one);
      if (ended !== undefined) await endAndAdmit(storage, ended, "completed");
      await passOver(storage);
      expect(await claimIds(storage, owner)).toEqual([id]);
      expect(await stateOf(storage, three ?? "")).toBe("blocked");
      await expectSoundAdmission(storage);
    },
  );

  law("an operator's numbers count from the next admission on", async ({ storage }) => {
    const owner = await hire(storage);
    await declare(storage, { s: 3 });
    await enqueue(storage, ...someJobs(12, { gates }));
    expect(await admitAt(storage, gates)).toBe(3);
    const jobs = await claim(storage, owner);
    await storage.updateScope("s", { concurrent: 2 }, t0);
    for (const [index, job] of jobs.entries()) {
      await settleOne(storage, job, "completed");
      expect(await admitAt(storage, gates)).toBe(index === 0 ? 0 : 1);
    }
    await storage.updateScope("s", { concurrent: 5 }, t0);
    expect(await passOver(storage)).toBe(3);
    await expectSoundAdmission(storage);
    await storage.updateScope("s", { concurrent: null }, t0);
    expect(await passOver(storage)).toBe(4);
  });

  law(
    "a lowered limit counts a job that is let in for no more than the whole",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: 8 });
      await enqueue(storage, aJob({ gates: limitOf("s", 8) }), aJob({ gates }));
      expect(await admitAt(storage, gates)).toBe(1);
      await storage.updateScope("s", { concurrent: 2 }, t0);
      expect(await admitAt(storage, gates)).toBe(0);
      await endAndAdmit(storage, single(await claim(storage, owner)), "completed");
      expect(await claimIds(storage, owner)).toHaveLength(1);
    },
  );

  law("nobody passes a limit nobody declared, and its name is told", async ({ storage }) => {
    await hire(storage);
    const id = await enqueueOne(storage, { gates: limitOf("unknown", 1, "key") });
    await enqueueOne(storage, { gates: laneOf("a") });
    const names = ["limit:unknown:key", "lane:a"];
    const { rows, last } = await admitUntilDone(() => storage.admitJobs(names, t0));
    expect([rows, last.undeclared]).toEqual([1, ["unknown"]]);
    const pass = await storage.admitWaiting(100, t0);
    expect(pass).toMatchObject({ rows: 0, undeclared: ["unknown"], waiting: true });
    expect(await stateOf(storage, id)).toBe("blocked");
    await declare(storage, { unknown: 1 });
    expect(await passOver(storage)).toBe(1);
  });

  law(
    "an admission through many free places goes on in batches until the line is empty",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: 1_000 });
      const ids = await enqueue(storage, ...someJobs(350, { gates }));
      const one = await storage.admitJobs(["limit:s"], t0);
      expect(one).toMatchObject({ rows: 100, more: true });
      expect(await admitAt(storage, gates)).toBe(250);
      expect(await claimIds(storage, owner)).toEqual(ids);
      await expectSoundAdmission(storage);
    },
  );

  law("the pass says whether anybody waits at all", async ({ storage }) => {
    const nothing = { rows: 0, more: false, queues: [], nextAt: null, undeclared: [] };
    expect(await storage.admitWaiting(10, t0)).toEqual({
      ...nothing,
      waiting: false,
      partial: false,
    });
    await enqueueOne(storage);
    expect(await storage.admitWaiting(10, t0)).toMatchObject({ waiting: false, partial: false });
    await enqueueOne(storage, { gates });
    expect(await storage.admitWaiting(10, t0)).toMatchObject({
      rows: 0,
      waiting: true,
      partial: false,
    });
  });

  law("the pass comes to every gate, a batch at a time, and begins again", async ({ storage }) => {
    await hire(storage);
    const names = Array.from({ length: 60 }, (_, index) => `lane ${index}`);
    const all = names.map((name) => aJob({ gates: laneOf(name) }));
    for (let round = 0; round < 2; round += 1) {
      const ids = await enqueue(storage, ...all);
      const { rows, queues } = await admitUntilDone(() => storage.admitWaiting(7, t0));
      expect([rows, queues]).toEqual([60, ["default"]]);
      for (const id of ids) await storage.deleteJob(id);
    }
  });

  law(
    "gates where nobody can go ahead do not keep the pass from those behind them",
    async ({ storage }) => {
      await hire(storage);
      const held = Array.from({ length: 40 }, (_, index) => laneOf(`a ${index}`));
      await enqueue(storage, ...held.flatMap((own) => someJobs(2, { gates: own })));
      expect(await passOver(storage)).toBe(40);
      const id = await enqueueOne(storage, { gates: laneOf("z") });
      for (let pass = 0; pass < 30 && (await stateOf(storage, id)) === "blocked"; pass += 1) {
        await storage.admitWaiting(5, t0);
      }
      expect(await stateOf(storage, id)).toBe("available");
    },
  );

  law(
    "passes and admissions at once let in no more than there is room for",
    async ({ storage, connect }) => {
      const other = await connect();
      const owner = await hire(storage);
      await declare(storage, { s: 4, t: 3 });
      const kinds = [gates, limitOf("t"), allOf(gates, limitOf("t")), allOf(gates, laneOf("a"))];
      await enqueue(storage, ...kinds.flatMap((own) => someJobs(10, { gates: own })));
      for (let round = 0, done = 0; done < 40 && round < 200; round += 1) {
        await Promise.all([
          storage.admitJobs(["limit:s"], t0),
          other.admitJobs(["limit:t", "lane:a"], t0),
          other.admitWaiting(10, t0),
          storage.admitWaiting(10, t0),
        ]);
        await expectSoundAdmission(storage);
        const jobs = await claimGated(storage, owner, 3);
        for (const job of jobs)
          await settleOne(storage, job, done % 5 === 4 ? "discarded" : "completed");
        done += jobs.length;
      }
      expect(await storage.countJobs({})).toMatchObject({ blocked: 0, available: 0, running: 0 });
    },
  );

  law(
    "a rate lets in a burst, says when the next comes, and keeps its tokens when a job ends",
    async ({ storage }) => {
      const owner = await hire(storage);
      await declare(storage, { s: { rate: { count: 2, perMs: 1_000 } } });
      await enqueue(storage, ...someJobs(4, { gates }));
      const answer = await storage.admitJobs(["limit:s"], t0);
      expect(answer).toMatchObject({ rows: 2, nextAt: t0 + 500 });
      for (const job of await claim(storage, owner)) await settleOne(storage, job, "completed");
      expect(await storage.admitJobs(["limit:s"], t0 + 499)).toMatchObject({
        rows: 0,
        nextAt: t0 + 500,
      });
      expect(await storage.admitJobs(["limit:s"], t0 + 500)).toMatchObject({
        rows: 1,
        nextAt: t0 + 1_000,
      });
      expect(await storage.admitWaiting(10, t0 + 1_000)).toMatchObject({ rows: 1, nextAt: null });
    },
  );

  law("a job that has no room elsewhere takes no token", async ({ storage }) => {
    const owner = await hire(storage);
    await declare(storage, { s: { rate: { count: 1, perMs: 60_000 } } });
    await enqueueOne(storage, { gates: laneOf("a") });
    await passOver(storage);
    const both = await enqueueOne(storage, { gates: allOf(laneOf("a"), gates) });
    const free = await enqueueOne(storage, { gates });
    expect(await passOver(storage)).toBe(1);
    expect(await stateOf(storage, free)).toBe("available");
    expect(await stateOf(storage, both)).toBe("blocked");
    for (const job of await claim(storage, owner)) await endAndAdmit(storage, job, "completed");
    expect(await jobAt(storage, both)).toMatchObject({ state: "blocked", waitingFor: "limit:s" });
    expect(await passOver(storage, t0 + 60_000)).toBe(1);
  });
};
