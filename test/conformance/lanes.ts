import { expect } from "vitest";
import { jobAt, stateOf } from "./bring.ts";
import {
  admitAt,
  admitUntilDone,
  allOf,
  claimGated,
  claimIds,
  endAndAdmit,
  expectSoundAdmission,
  laneOf,
  passOver,
  serving,
} from "./gates.ts";
import { aJob, claim, enqueue, enqueueOne, hire, settleOne, single, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { orphansOf } from "./orphans.ts";

const gates = laneOf("a");

export const laneLaws: Chapter = (law) => {
  law(
    "a job with a lane is blocked until it is let in, and then claimed as any",
    async ({ storage }) => {
      const owner = await hire(storage);
      const id = await enqueueOne(storage, { gates });
      expect(await jobAt(storage, id)).toMatchObject({
        state: "blocked",
        gates,
        waitingFor: "lane:a",
      });
      expect(await claim(storage, owner)).toEqual([]);
      const answer = await storage.admitJobs(["lane:a"], t0);
      expect(answer).toEqual({
        rows: 1,
        more: false,
        queues: ["default"],
        nextAt: null,
        undeclared: [],
      });
      expect(await jobAt(storage, id)).toMatchObject({
        state: "available",
        gates,
        waitingFor: null,
      });
      const job = single(await claim(storage, owner));
      expect(job).toMatchObject({ lease: { id, run: 1 }, gates });
      expect(await storage.listHolders("lane:a", 10)).toEqual([id]);
    },
  );

  law("one job of a lane is let in at a time, the oldest first", async ({ storage }) => {
    const owner = await hire(storage);
    const ids = await enqueue(storage, ...someJobs(4, { gates }));
    const order: string[] = [];
    for (let round = 0; round < ids.length; round += 1) {
      expect(await admitAt(storage, gates)).toBe(1);
      expect(await admitAt(storage, gates)).toBe(0);
      const job = single(await claim(storage, owner));
      expect(await admitAt(storage, gates)).toBe(0);
      order.push(job.lease.id);
      await settleOne(storage, job, "completed");
    }
    expect(order).toEqual(ids);
    expect(await admitAt(storage, gates)).toBe(0);
    expect(await storage.listHolders("lane:a", 10)).toEqual([]);
  });

  law("a lane is one over all names and queues", async ({ storage }) => {
    const owner = await hire(storage, serving);
    const ids = await enqueue(
      storage,
      aJob({ gates }),
      aJob({ gates, name: "more", queue: "other" }),
      aJob({ gates, queue: "other" }),
      aJob({ gates, name: "more" }),
    );
    for (const id of ids) {
      await admitAt(storage, gates);
      const job = single(await claimGated(storage, owner));
      expect(job.lease.id).toBe(id);
      await settleOne(storage, job, "completed");
    }
  });

  law(
    "lanes do not hinder each other, and the queues that got work are named once",
    async ({ storage }) => {
      await hire(storage, serving);
      const lanes = ["a", "b", "c"].map(laneOf);
      await enqueue(storage, ...lanes.flatMap((own) => someJobs(2, { gates: own })));
      await enqueueOne(storage, { gates: laneOf("d"), queue: "other" });
      const names = ["lane:a", "lane:b", "lane:c", "lane:d"];
      const { rows, queues } = await admitUntilDone(() => storage.admitJobs(names, t0));
      expect([rows, queues]).toEqual([4, ["default", "other"]]);
      await expectSoundAdmission(storage);
    },
  );

  law("a job without gates stands beside a lane and is claimed at once", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, aJob({ gates }), aJob({ gates }));
    const free = await enqueueOne(storage);
    expect(await claimIds(storage, owner)).toEqual([free]);
  });

  for (const to of ["retryable", "scheduled", "discarded", "cancelled"] as const) {
    law(`a job that is ${to} leaves its lane to the next`, async ({ storage }) => {
      const owner = await hire(storage);
      const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
      await admitAt(storage, gates);
      await endAndAdmit(storage, single(await claim(storage, owner)), to);
      expect(await claimIds(storage, owner)).toEqual([second]);
      expect(await jobAt(storage, first ?? "")).toMatchObject({ state: to, gates });
    });
  }

  law(
    "a retry that is due waits in its lane again, behind those who were there",
    async ({ storage }) => {
      const owner = await hire(storage);
      const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
      await admitAt(storage, gates);
      await endAndAdmit(storage, single(await claim(storage, owner)), "retryable", {
        runAt: t0 + 1,
      });
      const promoted = await storage.promoteJobs(10, t0 + 1);
      expect(promoted).toMatchObject({ rows: 1, queues: [], gates: ["lane:a"] });
      const third = await enqueueOne(storage, { gates });
      expect(await jobAt(storage, first ?? "")).toMatchObject({ state: "blocked", attempt: 1 });
      for (const id of [second, first, third]) {
        const job = single(await claim(storage, owner));
        expect(job.lease.id).toBe(id);
        await endAndAdmit(storage, job, "completed");
      }
    },
  );

  law("promotion tells jobs with gates from those without", async ({ storage }) => {
    const due = { runAt: t0 + 1 };
    const free = await enqueueOne(storage, due);
    await enqueue(storage, aJob({ ...due, gates }), aJob({ ...due, gates, queue: "other" }));
    await enqueueOne(storage, { ...due, gates: laneOf("b") });
    const { gates: named, ...answer } = await storage.promoteJobs(10, t0 + 1);
    expect(answer).toEqual({
      rows: 4,
      more: false,
      queues: ["default"],
      nextDueAt: null,
      nextTickAt: null,
      waiting: true,
      operating: false,
    });
    expect([...new Set(named)].toSorted()).toEqual(["lane:a", "lane:b"]);
    expect(await storage.countJobs({})).toMatchObject({ available: 1, blocked: 3 });
    expect(await stateOf(storage, free)).toBe("available");
  });

  law("a job due again at once goes to the end of its lane", async ({ storage }) => {
    const owner = await hire(storage);
    const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    const job = single(await claim(storage, owner));
    await endAndAdmit(storage, job, "blocked", { runAt: t0 + 5 });
    expect(await jobAt(storage, first ?? "")).toMatchObject({ state: "blocked", runAt: t0 + 5 });
    const next = single(await claim(storage, owner));
    expect(next.lease.id).toBe(second);
    await endAndAdmit(storage, next, "completed");
    expect(await claimIds(storage, owner)).toEqual([first]);
  });

  law("a job given back unrun stays let in, so it keeps its place", async ({ storage }) => {
    const owner = await hire(storage);
    const [first] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    await endAndAdmit(storage, single(await claim(storage, owner)), "available");
    await expectSoundAdmission(storage);
    expect(await claimIds(storage, owner)).toEqual([first]);
  });

  law(
    "the permit of a job that has left is nobody's, until pruning takes it away",
    async (place) => {
      const { storage, table } = place;
      const owner = await hire(storage);
      for (const to of ["completed", "retryable", "discarded"] as const) {
        const id = await enqueueOne(storage, { gates });
        expect(await admitAt(storage, gates)).toBe(1);
        const job = single(await claim(storage, owner));
        expect(job.lease.id).toBe(id);
        await settleOne(storage, job, to);
        expect(await storage.listHolders("lane:a", 10)).toEqual([]);
      }
      await storage.pruneJobs(100, t0);
      const permits = await storage.transact((tx) => tx.query(`SELECT 1 FROM ${table("keylock")}`));
      expect(permits.rows).toEqual([]);
    },
  );

  law("a permit left over at another of its gates is not in a job's way", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueueOne(storage, { gates: laneOf("b") });
    await passOver(storage);
    await settleOne(storage, single(await claim(storage, owner)), "completed");
    await enqueueOne(storage, { gates: allOf(gates, laneOf("b")) });
    expect(await storage.admitJobs(["lane:a"], t0)).toMatchObject({ rows: 1 });
    await expectSoundAdmission(storage);
  });

  law("pruning leaves the permits of those who are let in", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(2, { gates }), aJob({ gates: laneOf("b") }));
    await passOver(storage);
    await claim(storage, owner, { limit: 1 });
    await storage.pruneJobs(100, t0);
    await expectSoundAdmission(storage);
    expect(await passOver(storage)).toBe(0);
  });

  law("an orphan carries its gates, and its rescue frees the lane", async ({ storage }) => {
    const owner = await hire(storage);
    const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    await claim(storage, owner);
    await storage.unregisterWorker(owner);
    const other = await hire(storage);
    expect(await admitAt(storage, gates)).toBe(0);
    const orphan = single(await orphansOf(storage, 10));
    expect(orphan).toMatchObject({ lease: { id: first }, gates });
    await endAndAdmit(storage, orphan, "retryable", { crashes: 1 });
    expect(await claimIds(storage, other)).toEqual([second]);
  });

  law("every end through a turn frees the lane too", async ({ storage }) => {
    const owner = await hire(storage);
    const [, second] = await enqueue(storage, ...someJobs(2, { gates }));
    await admitAt(storage, gates);
    const job = single(await claim(storage, owner));
    const attempt = {
      number: 1,
      run: 1,
      worker: owner,
      began: t0,
      ended: t0 + 1,
      how: "completed",
    } as const;
    const ending = {
      lease: job.lease,
      to: "completed",
      runAt: null,
      attempt: 1,
      crashes: 0,
      backoffMs: 0,
      attempts: [attempt],
      reason: null,
      unlessCancelRequested: false,
      gates,
    } as const;
    const queues = [{ queue: "default", limit: 1 }];
    const request = { owner, queues, limit: 1, handlers: { work: 1 }, floors: {}, now: t0 };
    const { settled } = await storage.settleAndClaim([ending], request);
    expect(settled).toEqual([{ outcome: "settled" }]);
    expect(await admitAt(storage, gates)).toBe(1);
    expect(await claimIds(storage, owner)).toEqual([second]);
  });

  law(
    "jobs stored in a transaction wait in their lane once it commits, and never were when it does not",
    async ({ storage }) => {
      await hire(storage);
      const failure = new Error("no");
      const rolledBack = storage.transact(async (tx) => {
        await storage.insertJobs([aJob({ gates })], tx);
        throw failure;
      });
      await expect(rolledBack).rejects.toBe(failure);
      expect(await passOver(storage)).toBe(0);
      await storage.transact((tx) => storage.insertJobs(someJobs(2, { gates }), tx));
      expect(await passOver(storage)).toBe(1);
      await expectSoundAdmission(storage);
    },
  );

  law("a thousand jobs of a lane run one after the other, in order", async ({ storage }) => {
    const owner = await hire(storage);
    const ids = await enqueue(storage, ...someJobs(1_000, { gates }));
    for (const id of ids.slice(0, 50)) {
      await admitAt(storage, gates);
      const job = single(await claim(storage, owner));
      expect(job.lease.id).toBe(id);
      await settleOne(storage, job, "completed");
    }
    expect(await storage.countJobs({})).toMatchObject({ blocked: 950, completed: 50 });
  });

  law("callers at once let in one job of a lane", async ({ storage, connect }) => {
    const owner = await hire(storage);
    const other = await connect();
    const ids = await enqueue(storage, ...someJobs(20, { gates }));
    for (const id of ids) {
      const callers = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? storage : other));
      const answers = await Promise.all(callers.map((each) => each.admitJobs(["lane:a"], t0)));
      expect(answers.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
      const job = single(await claim(storage, owner));
      expect(job.lease.id).toBe(id);
      await settleOne(storage, job, "completed");
    }
  });

  law(
    "a job whose lane is full does not stand in the way of those behind it at another gate",
    async ({ storage }) => {
      const owner = await hire(storage);
      const holder = await enqueueOne(storage, { gates: laneOf("b") });
      await passOver(storage);
      const both = await enqueueOne(storage, { gates: allOf(gates, laneOf("b")) });
      const behind = await enqueueOne(storage, { gates });
      expect(await admitAt(storage, gates)).toBe(1);
      expect((await claimIds(storage, owner)).toSorted()).toEqual([holder, behind].toSorted());
      expect(await jobAt(storage, both)).toMatchObject({ state: "blocked", waitingFor: "lane:b" });
      await expectSoundAdmission(storage);
    },
  );

  law("a job in several lanes has all of them or none", async ({ storage }) => {
    const owner = await hire(storage);
    const three = allOf(laneOf("a"), laneOf("b"), laneOf("c"));
    const holder = await enqueueOne(storage, { gates: laneOf("c") });
    await passOver(storage);
    const id = await enqueueOne(storage, { gates: three });
    expect(await passOver(storage)).toBe(0);
    for (const lane of ["lane:a", "lane:b"]) expect(await storage.listHolders(lane, 9)).toEqual([]);
    const job = single(await claim(storage, owner));
    expect(job.lease.id).toBe(holder);
    await endAndAdmit(storage, job, "completed");
    for (const { gate } of three) expect(await storage.listHolders(gate, 9)).toEqual([id]);
    const next = await enqueueOne(storage, { gates: laneOf("b") });
    expect(await passOver(storage)).toBe(0);
    await endAndAdmit(storage, single(await claim(storage, owner)), "completed");
    expect(await claimIds(storage, owner)).toEqual([next]);
  });
};
