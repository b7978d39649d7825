import { expect } from "vitest";
import type { ClaimFloors } from "../../src/storage/contract/claim.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  policy,
  runOne,
  settleOne,
  single,
  someJobs,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { orphansOf } from "./orphans.ts";

const idOf = ({ lease }: { readonly lease: { readonly id: string } }) => lease.id;

export const claimLaws: Chapter = (law) => {
  law("a claim gives the job with all a handler needs", async ({ storage }) => {
    const owner = await hire(storage);
    const id = await enqueueOne(storage, { payload: '{"a":1}', tags: ["t"] });
    const jobs = await claim(storage, owner, { now: t0 + 7 });
    expect(jobs).toEqual([
      {
        lease: { id, owner, run: 1 },
        name: "work",
        version: 1,
        queue: "default",
        payload: '{"a":1}',
        checkpoint: null,
        attempt: 1,
        crashes: 0,
        started: true,
        createdAt: t0,
        runAt: t0,
        claimedAt: t0 + 7,
        backoffMs: 0,
        policy,
        attempts: [],
        tags: ["t"],
        gates: [],
        trace: null,
      },
    ]);
  });

  law("a claimed job is running, with its worker and the time", async ({ storage }) => {
    const id = await enqueueOne(storage);
    const owner = await hire(storage);
    await claim(storage, owner, { now: t0 + 7 });
    expect(await jobAt(storage, id)).toMatchObject({
      state: "running",
      worker: owner,
      run: 1,
      attempt: 1,
      claimedAt: t0 + 7,
    });
  });

  law("where there is nothing a claim takes nothing", async ({ storage }) => {
    const owner = await hire(storage);
    expect(await claim(storage, owner)).toEqual([]);
    await enqueueOne(storage);
    await claim(storage, owner);
    expect(await claim(storage, owner)).toEqual([]);
  });

  law("order is priority, then the order of becoming available", async ({ storage }) => {
    const priorities = [5, 9, 0, 5, 1, 0, 9, 5];
    const jobs = priorities.map((priority) => aJob({ priority }));
    const ids = await enqueue(storage, ...jobs);
    const claimed = await claim(storage, await hire(storage));
    const expected = [2, 5, 4, 0, 3, 7, 1, 6].map((position) => ids[position]);
    expect(claimed.map(idOf)).toEqual(expected);
  });

  law("a claim in small portions keeps the order", async ({ storage }) => {
    const priorities = [5, 1, 5, 1, 5, 1, 5];
    const ids = await enqueue(storage, ...priorities.map((priority) => aJob({ priority })));
    const owner = await hire(storage);
    const taken: string[] = [];
    for (let index = 0; index < ids.length; index++) {
      taken.push(...(await claim(storage, owner, { limit: 1 })).map(idOf));
    }
    expect(taken).toEqual([1, 3, 5, 0, 2, 4, 6].map((position) => ids[position]));
  });

  law("limits hold per queue and in all", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(5, { queue: "a" }), ...someJobs(5, { queue: "b" }));
    const queues = [
      { queue: "a", limit: 2 },
      { queue: "b", limit: 9 },
    ];
    const first = await claim(storage, owner, { queues, limit: 4 });
    expect(first.map(({ queue }) => queue)).toEqual(["a", "a", "b", "b"]);
    const second = await claim(storage, owner, { queues, limit: 100 });
    expect(second.map(({ queue }) => queue)).toEqual(["a", "a", "b", "b", "b"]);
  });

  law("queues are served in the order of the request", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(
      storage,
      ...someJobs(2, { queue: "a" }),
      ...someJobs(2, { queue: "b", priority: 9 }),
    );
    const queues = ["b", "a"].map((queue) => ({ queue, limit: 5 }));
    const jobs = await claim(storage, owner, { queues, limit: 3 });
    expect(jobs.map(({ queue }) => queue)).toEqual(["b", "b", "a"]);
  });

  law("a queue that was not asked for is left alone", async ({ storage }) => {
    const id = await enqueueOne(storage, { queue: "other" });
    expect(await claim(storage, await hire(storage))).toEqual([]);
    expect(await stateOf(storage, id)).toBe("available");
  });

  law("only available jobs are taken", async (place) => {
    for (const state of ["scheduled", "blocked", "retryable", "completed", "cancelled"] as const) {
      await bring(place, state);
    }
    expect(await claim(place.storage, await hire(place.storage), { now: t0 + 1e9 })).toEqual([]);
  });

  law(
    "a job is taken by one worker only, however many ask at once",
    async ({ storage, connect }) => {
      const other = await connect();
      await enqueue(storage, ...someJobs(300));
      const owners = await Promise.all([hire(storage), hire(other), hire(storage), hire(other)]);
      const claims = owners.flatMap((owner, index) =>
        Array.from({ length: 5 }, () =>
          claim(index % 2 === 0 ? storage : other, owner, { limit: 20 }),
        ),
      );
      const jobs = (await Promise.all(claims)).flat();
      expect(new Set(jobs.map(idOf)).size).toBe(jobs.length);
      const rest = await claim(storage, await hire(storage));
      expect(jobs.length + rest.length).toBe(300);
      for (const { lease } of [...jobs, ...rest]) expect(lease.run).toBe(1);
    },
  );

  law("a paused queue yields nothing and loses nothing", async ({ storage, connect }) => {
    const owner = await hire(storage);
    const ids = await enqueue(storage, ...someJobs(3));
    await (await connect()).pauseQueue("default", true);
    expect(await claim(storage, owner)).toEqual([]);
    await storage.pauseQueue("default", false);
    expect((await claim(storage, owner)).map(idOf)).toEqual(ids);
  });

  law("a paused queue does not keep others from being served", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(3), ...someJobs(3, { queue: "b" }));
    await storage.pauseQueue("default", true);
    const queues = ["default", "b"].map((queue) => ({ queue, limit: 3 }));
    const jobs = await claim(storage, owner, { queues, limit: 3 });
    expect(jobs.map(({ queue }) => queue)).toEqual(["b", "b", "b"]);
  });

  law("a cooling queue is closed until its time", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueueOne(storage);
    const open = { level: 0, closedUntil: 0 };
    expect(await storage.coolQueue("default", open, { level: 1, closedUntil: t0 + 100 })).toBe(
      true,
    );
    expect(await claim(storage, owner, { now: t0 + 99 })).toEqual([]);
    expect(await claim(storage, owner, { now: t0 + 100 })).toHaveLength(1);
  });

  law(
    "a worker marked dead, unregistered or never registered takes nothing",
    async ({ storage }) => {
      await enqueueOne(storage);
      const dead = await hire(storage);
      const { beat } = single(await storage.listWorkers());
      await storage.markWorkerDead(dead, beat);
      expect(await claim(storage, dead)).toEqual([]);
      const gone = await hire(storage);
      await storage.unregisterWorker(gone);
      for (const owner of [dead, gone, "999999999"])
        expect(await claim(storage, owner)).toEqual([]);
      expect(await claim(storage, await hire(storage))).toHaveLength(1);
    },
  );

  law("a job of an unknown handler is left alone", async ({ storage }) => {
    const id = await enqueueOne(storage, { name: "unknown" });
    const known = await enqueueOne(storage);
    expect((await claim(storage, await hire(storage))).map(idOf)).toEqual([known]);
    expect(await jobAt(storage, id)).toMatchObject({ state: "available", run: 0, attempt: 0 });
  });

  law("a payload of a newer version is left alone, an older one is taken", async ({ storage }) => {
    const [old, same, newer] = await enqueue(
      storage,
      ...[1, 2, 3].map((version) => aJob({ version })),
    );
    const jobs = await claim(storage, await hire(storage), { handlers: { work: 2 } });
    expect(jobs.map(({ lease, version }) => [lease.id, version])).toEqual([
      [old, 1],
      [same, 2],
    ]);
    expect(await jobAt(storage, newer ?? "")).toMatchObject({ state: "available", run: 0 });
  });

  law("each handler has its own newest version", async ({ storage }) => {
    await enqueue(storage, aJob({ name: "a", version: 2 }), aJob({ name: "b", version: 2 }));
    const jobs = await claim(storage, await hire(storage), { handlers: { a: 1, b: 2 } });
    expect(jobs.map(({ name }) => name)).toEqual(["b"]);
  });

  law("jobs nobody here can run do not hide those behind them", async ({ storage }) => {
    await enqueue(storage, ...someJobs(2_000, { name: "unknown", priority: 0 }));
    const id = await enqueueOne(storage);
    const owner = await hire(storage);
    expect((await claim(storage, owner, { limit: 1 })).map(idOf)).toEqual([id]);
  });

  law("without handlers nothing is taken", async ({ storage }) => {
    await enqueueOne(storage);
    expect(await claim(storage, await hire(storage), { handlers: {} })).toEqual([]);
  });

  law(
    "every claim raises run, and attempt counts on from what was settled",
    async ({ storage }) => {
      const first = await runOne(storage);
      await settleOne(storage, first, "available", { attempt: 1 });
      const second = single(await claim(storage, first.lease.owner));
      expect([second.lease.run, second.attempt]).toEqual([2, 2]);
      await settleOne(storage, second, "available", { attempt: 1 });
      const third = single(await claim(storage, first.lease.owner));
      expect([third.lease.run, third.attempt]).toEqual([3, 2]);
    },
  );

  law("a claim marks a job as started, unless it crashed before", async ({ storage }) => {
    const job = await runOne(storage);
    expect(job.started).toBe(true);
    await settleOne(storage, job, "available", { crashes: 1 });
    const again = single(await claim(storage, job.lease.owner));
    expect(again).toMatchObject({ started: false, crashes: 1 });
  });

  law("starting a job charges it for a crash from then on", async ({ storage }) => {
    const job = await runOne(storage);
    await settleOne(storage, job, "available", { crashes: 1 });
    const { lease } = single(await claim(storage, job.lease.owner));
    await storage.unregisterWorker(lease.owner);
    expect(single(await orphansOf(storage, 10)).started).toBe(false);
    expect(await storage.startJobs([lease], t0)).toEqual([]);
    expect(single(await orphansOf(storage, 10)).started).toBe(true);
  });

  law("starting jobs names the leases that are lost", async ({ storage }) => {
    const job = await runOne(storage);
    const stale = { ...job.lease, run: 9 };
    const absent = { ...job.lease, id: "999999999" };
    const other = { ...job.lease, owner: "999999999" };
    const lost = await storage.startJobs([stale, job.lease, absent, other], t0);
    expect(new Set(lost)).toEqual(new Set([stale, absent, other]));
    expect(await storage.startJobs([], t0)).toEqual([]);
  });

  law("a job given back goes to the end of its priority", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(3));
    const owner = await hire(storage);
    const first = single(await claim(storage, owner, { limit: 1 }));
    await settleOne(storage, first, "available", { attempt: 0 });
    const jobs = await claim(storage, owner);
    expect(jobs.map(idOf)).toEqual([ids[1], ids[2], ids[0]]);
  });

  law("a claim frees the keys held while waiting, and no others", async ({ storage }) => {
    const waiting = uniqueOn("waiting", { while: "waiting" });
    const unfinished = uniqueOn("unfinished");
    const jobs = [aJob({ unique: waiting }), aJob({ unique: unfinished })];
    await storage.insertJobs(jobs);
    await claim(storage, await hire(storage));
    const receipts = await storage.insertJobs(jobs);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(["enqueued", "existing"]);
  });

  law("floors never hide what became available after them", async ({ storage }) => {
    const owner = await hire(storage);
    const queues = [{ queue: "default", limit: 2 }];
    const request = { owner, queues, limit: 2, handlers: { work: 1 }, now: t0 };
    let floors: ClaimFloors = {};
    const taken: string[] = [];
    for (let round = 0; round < 6; round++) {
      const given = someJobs(2, { priority: round % 3 });
      await enqueue(storage, ...given);
      const answer = await storage.claimJobs({ ...request, floors });
      floors = answer.floors;
      taken.push(...answer.jobs.map(idOf));
      const [job] = answer.jobs;
      if (job !== undefined) await settleOne(storage, job, "available", { attempt: 0 });
    }
    expect(taken).toHaveLength(12);
    expect(await storage.claimJobs({ ...request, floors, limit: 2 })).toMatchObject({
      jobs: [{}, {}],
    });
  });

  law("a sweep from zero finds what a floor passed over", async ({ storage }) => {
    const owner = await hire(storage);
    const id = await enqueueOne(storage);
    const floors = { default: { 5: Number.MAX_SAFE_INTEGER } };
    const [early] = await claim(storage, owner, { floors });
    const [swept] = await claim(storage, owner);
    expect((early ?? swept)?.lease.id).toBe(id);
  });

  law("what a job stored before it came back comes with the next claim", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.patchJob(job.lease, { checkpoint: '{"page":3}' });
    const attempts = [
      {
        number: 1,
        run: 1,
        worker: job.lease.owner,
        began: t0,
        ended: t0 + 1,
        how: "failed" as const,
      },
    ];
    await settleOne(storage, job, "available", { attempts, backoffMs: 1_500 });
    const again = single(await claim(storage, job.lease.owner));
    expect(again).toMatchObject({ checkpoint: '{"page":3}', attempts, backoffMs: 1_500 });
  });
};
