import { expect } from "vitest";
import { bring, jobAt, stateOf } from "./bring.ts";
import { admitAt, laneOf } from "./gates.ts";
import {
  aJob,
  claim,
  dayMs,
  enqueue,
  enqueueOne,
  hire,
  policy,
  runOne,
  settleOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";
import { orphansOf } from "./orphans.ts";

/** What else there is to do, as long as nobody gives a reason. */
const nothingElse = { nextTickAt: null, waiting: false, operating: false };

export const promoteLaws: Chapter = (law) => {
  law("nothing due: nothing moves, and the next time is named", async ({ storage }) => {
    expect(await storage.promoteJobs(10, t0)).toEqual({
      rows: 0,
      more: false,
      queues: [],
      gates: [],
      nextDueAt: null,
      ...nothingElse,
    });
    await enqueue(storage, aJob({ runAt: t0 + 200 }), aJob({ runAt: t0 + 100 }));
    expect(await storage.promoteJobs(10, t0 + 99)).toEqual({
      rows: 0,
      more: false,
      queues: [],
      gates: [],
      nextDueAt: t0 + 100,
      ...nothingElse,
    });
  });

  law("due jobs become available, others stay", async ({ storage }) => {
    const [due, later] = await enqueue(
      storage,
      aJob({ runAt: t0 + 100 }),
      aJob({ runAt: t0 + 101, queue: "b" }),
    );
    expect(await storage.promoteJobs(10, t0 + 100)).toEqual({
      rows: 1,
      more: false,
      queues: ["default"],
      gates: [],
      nextDueAt: t0 + 101,
      ...nothingElse,
    });
    expect(await stateOf(storage, due ?? "")).toBe("available");
    expect(await stateOf(storage, later ?? "")).toBe("scheduled");
  });

  law("retryable jobs come back with what they had", async ({ storage }) => {
    const unique = uniqueOn("k");
    const job = await runOne(storage, { unique, priority: 3, tags: ["t"], payload: '"p"' });
    await storage.patchJob(job.lease, { checkpoint: "1", progress: "2", result: "3" });
    await settleOne(storage, job, "retryable", { runAt: t0 + 10, attempt: 4, crashes: 1 });
    const before = await jobAt(storage, job.lease.id);
    expect((await storage.promoteJobs(10, t0 + 10)).rows).toBe(1);
    expect(await jobAt(storage, job.lease.id)).toEqual({ ...before, state: "available" });
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("existing");
  });

  law("the oldest due come first when the batch is full", async ({ storage }) => {
    const times = [50, 10, 40, 20, 30];
    const ids = await enqueue(storage, ...times.map((time) => aJob({ runAt: t0 + time })));
    const answer = await storage.promoteJobs(3, t0 + 100);
    expect(answer).toMatchObject({ rows: 3, more: true });
    const promoted = await storage.listJobs({ states: ["available"] }, 10);
    const expected = [1, 3, 4].map((position) => ids[position]);
    expect(new Set(promoted.map(({ id }) => id))).toEqual(new Set(expected));
    expect(await storage.promoteJobs(3, t0 + 100)).toMatchObject({ rows: 2, more: false });
  });

  law("promoted jobs are claimed in the order they were due", async ({ storage }) => {
    const times = [50, 10, 40, 20, 30];
    const ids = await enqueue(storage, ...times.map((time) => aJob({ runAt: t0 + time })));
    await storage.promoteJobs(10, t0 + 100);
    const jobs = await claim(storage, await hire(storage));
    const expected = [1, 3, 4, 2, 0].map((position) => ids[position]);
    expect(jobs.map(({ lease }) => lease.id)).toEqual(expected);
  });

  law("a promoted job goes behind those available before it", async ({ storage }) => {
    const late = await enqueueOne(storage, { runAt: t0 + 10 });
    const early = await enqueueOne(storage);
    await storage.promoteJobs(10, t0 + 10);
    const jobs = await claim(storage, await hire(storage));
    expect(jobs.map(({ lease }) => lease.id)).toEqual([early, late]);
  });

  law("promotion names each queue that got work once", async ({ storage }) => {
    const queues = ["a", "b", "a", "c", "b"];
    await enqueue(storage, ...queues.map((queue) => aJob({ queue, runAt: t0 + 1 })));
    await enqueueOne(storage, { queue: "d", runAt: t0 + 9 });
    const answer = await storage.promoteJobs(10, t0 + 1);
    expect(answer.queues.toSorted()).toEqual(["a", "b", "c"]);
  });

  law("promoters at once move each job exactly once", async ({ storage, connect }) => {
    const other = await connect();
    await enqueue(storage, ...someJobs(400, { runAt: t0 + 1 }));
    let moved = 0;
    for (let round = 0; round < 20 && moved < 400; round++) {
      const promoters = [storage, other, storage, other];
      const answers = await Promise.all(promoters.map((each) => each.promoteJobs(50, t0 + 1)));
      moved += answers.reduce((sum, { rows }) => sum + rows, 0);
    }
    expect(moved).toBe(400);
    expect(await storage.countJobs({})).toMatchObject({ scheduled: 0, available: 400 });
    expect(await claim(storage, await hire(storage))).toHaveLength(400);
  });

  law("a paused queue is promoted into, and still not claimed from", async ({ storage }) => {
    const id = await enqueueOne(storage, { runAt: t0 + 1 });
    await storage.pauseQueue("default", true);
    await storage.promoteJobs(10, t0 + 1);
    expect(await stateOf(storage, id)).toBe("available");
    expect(await claim(storage, await hire(storage))).toEqual([]);
  });

  law("a promotion tells whether jobs are blocked", async ({ storage }) => {
    const gates = laneOf("a");
    const waiting = async (now: number) => (await storage.promoteJobs(10, now)).waiting;
    await enqueueOne(storage);
    expect(await waiting(t0)).toBe(false);
    await hire(storage);
    await enqueueOne(storage, { gates });
    expect(await waiting(t0)).toBe(true);
    await admitAt(storage, gates);
    expect(await waiting(t0)).toBe(false);
    await enqueue(storage, aJob({ gates, runAt: t0 + 1 }), aJob({ runAt: t0 + 2 }));
    expect(await waiting(t0)).toBe(false);
    expect(await storage.promoteJobs(10, t0 + 1)).toMatchObject({ rows: 1, waiting: true });
    expect(await storage.promoteJobs(10, t0 + 2)).toMatchObject({ rows: 1, waiting: true });
  });

  law("a promotion tells whether an operation runs", async ({ storage }) => {
    const operating = async (now = t0) => (await storage.promoteJobs(10, now)).operating;
    await enqueue(storage, ...someJobs(3), aJob({ runAt: t0 + 1 }));
    expect(await operating()).toBe(false);
    await start(storage, { action: "cancel", filter: { state: "available" } });
    expect(await operating()).toBe(true);
    expect(await storage.promoteJobs(10, t0 + 1)).toMatchObject({ rows: 1, operating: true });
    await workOff(storage);
    expect(await operating()).toBe(false);
    const { id } = await start(storage, { action: "delete", filter: { state: "cancelled" } });
    expect(await operating()).toBe(true);
    await storage.cancelOperation(id, null, t0);
    expect(await operating()).toBe(false);
  });
};

export const rescueLaws: Chapter = (law) => {
  law("jobs of a live worker are no orphans", async ({ storage }) => {
    await runOne(storage);
    await enqueueOne(storage);
    expect(await orphansOf(storage, 10)).toEqual([]);
  });

  law("jobs of a worker marked dead or unregistered are orphans", async ({ storage }) => {
    await enqueue(storage, ...someJobs(3));
    const [dead, gone, alive] = [await hire(storage), await hire(storage), await hire(storage)];
    for (const owner of [dead, gone, alive]) await claim(storage, owner, { limit: 1 });
    const beat = (await storage.listWorkers()).find(({ id }) => id === dead)?.beat ?? "";
    await storage.markWorkerDead(dead, beat);
    await storage.unregisterWorker(gone);
    const owners = (await orphansOf(storage, 10)).map(({ lease }) => lease.owner);
    expect(owners).toEqual([dead, gone]);
  });

  law("an orphan is the job its worker held, ready to be settled", async ({ storage }) => {
    const job = await runOne(storage, { payload: '"p"', tags: ["t"] });
    await storage.unregisterWorker(job.lease.owner);
    const orphan = single(await orphansOf(storage, 10));
    expect(orphan).toEqual(job);
    expect(orphan.policy).toEqual(policy);
    expect(await settleOne(storage, orphan, "available")).toEqual({ outcome: "settled" });
    expect(await orphansOf(storage, 10)).toEqual([]);
  });

  law("orphans come oldest first, in bounded batches", async ({ storage }) => {
    const ids = await enqueue(
      storage,
      ...someJobs(5).map((job, index) => ({ ...job, priority: 9 - index })),
    );
    const owner = await hire(storage);
    await claim(storage, owner);
    await storage.unregisterWorker(owner);
    const batch = await orphansOf(storage, 3);
    expect(batch.map(({ lease }) => lease.id)).toEqual(ids.slice(0, 3));
  });

  law("two rescuers settle one orphan once", async ({ storage, connect }) => {
    const other = await connect();
    await enqueue(storage, ...someJobs(20));
    const owner = await hire(storage);
    await claim(storage, owner);
    await storage.unregisterWorker(owner);
    const rescue = async (from: typeof storage) => {
      const orphans = await orphansOf(from, 100);
      const answers = await Promise.all(
        orphans.map((orphan) => settleOne(from, orphan, "retryable", { crashes: 1 })),
      );
      return answers.filter(({ outcome }) => outcome === "settled").length;
    };
    const [one, two] = await Promise.all([rescue(storage), rescue(other)]);
    const rest = await rescue(storage);
    expect(one + two + rest).toBe(20);
    expect(await storage.countJobs({})).toMatchObject({ running: 0, retryable: 20 });
  });

  law("the late result of a rescued worker changes nothing", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.unregisterWorker(job.lease.owner);
    const orphan = single(await orphansOf(storage, 10));
    await settleOne(storage, orphan, "available", { crashes: 1 });
    expect(await settleOne(storage, job, "completed")).toEqual({ outcome: "lease-lost" });
    expect(await storage.patchJob(job.lease, { progress: "1" })).toBe(false);
    expect(await stateOf(storage, job.lease.id)).toBe("available");
  });

  law(
    "the result of a worker thought dead counts while nobody rescued its job",
    async ({ storage }) => {
      const job = await runOne(storage);
      const { beat } = single(await storage.listWorkers());
      await storage.markWorkerDead(job.lease.owner, beat);
      expect(await settleOne(storage, job, "completed")).toEqual({ outcome: "settled" });
      expect(await orphansOf(storage, 10)).toEqual([]);
    },
  );
};

export const pruneLaws: Chapter = (law) => {
  const day = Math.floor(t0 / dayMs);

  law("finished jobs stay until their retention is over and go by whole days", async (place) => {
    const { storage } = place;
    const ids = new Map<string, string>();
    for (const state of ["completed", "cancelled", "discarded"] as const) {
      ids.set(state, await bring(place, state));
    }
    const left = async () => {
      const found = await Promise.all([...ids.values()].map((id) => stateOf(storage, id)));
      return found.filter((state) => state !== undefined);
    };
    await storage.pruneJobs(100, t0 + 7 * dayMs - 1);
    expect(await left()).toEqual(["completed", "cancelled", "discarded"]);
    expect((await storage.pruneJobs(100, (day + 8) * dayMs)).rows).toBe(1);
    expect(await left()).toEqual(["cancelled", "discarded"]);
    await storage.pruneJobs(100, t0 + 30 * dayMs - 1);
    expect(await left()).toEqual(["cancelled", "discarded"]);
    expect((await storage.pruneJobs(100, (day + 31) * dayMs)).rows).toBe(2);
    expect(await left()).toEqual([]);
  });

  law("a queue's own retention counts, as it was when the job finished", async (place) => {
    const { storage, script, table } = place;
    await storage.pauseQueue("short", false);
    const retention = (ms: string) =>
      script(
        `UPDATE ${table("queue")} SET keep_completed_ms = ${ms}, keep_dead_ms = ${ms} WHERE name = 'short';`,
      );
    await retention("3600000");
    const completed = await bring(place, "completed", { queue: "short" });
    const discarded = await bring(place, "discarded", { queue: "short" });
    const cancelled = await bring(place, "cancelled", { queue: "short" });
    const other = await bring(place, "completed");
    await retention("NULL");
    const late = await bring(place, "completed", { queue: "short" });
    expect((await storage.pruneJobs(100, (day + 2) * dayMs)).rows).toBe(3);
    const states = [completed, discarded, cancelled, other, late].map((id) => stateOf(storage, id));
    expect(await Promise.all(states)).toEqual([
      undefined,
      undefined,
      undefined,
      "completed",
      "completed",
    ]);
  });

  law("unfinished jobs are never pruned", async (place) => {
    for (const state of ["scheduled", "blocked", "running", "retryable", "available"] as const) {
      await bring(place, state);
    }
    expect(await place.storage.pruneJobs(100, t0 + 1_000 * dayMs)).toEqual({
      rows: 0,
      more: false,
    });
    expect(await place.storage.listJobs({}, 10)).toHaveLength(5);
  });

  law("pruning goes on in bounded batches until all is gone", async ({ storage }) => {
    await enqueue(storage, ...someJobs(25));
    const jobs = await claim(storage, await hire(storage));
    for (const job of jobs.slice(0, 15)) await settleOne(storage, job, "completed");
    for (const job of jobs.slice(15)) await settleOne(storage, job, "discarded");
    let rows = 0;
    for (let pass = 0; pass < 30; pass++) {
      const answer = await storage.pruneJobs(4, t0 + 100 * dayMs);
      rows += answer.rows;
      if (!answer.more) break;
    }
    expect(rows).toBe(25);
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });

  law("a job retried in time is not pruned", async (place) => {
    const id = await bring(place, "cancelled");
    await place.storage.retryJob(id, t0 + 29 * dayMs);
    await place.storage.pruneJobs(100, t0 + 100 * dayMs);
    expect(await stateOf(place.storage, id)).toBe("available");
  });

  law("a key held for good outlives its job", async (place) => {
    const unique = uniqueOn("k", { while: "ever" });
    const id = await bring(place, "completed", { unique });
    expect((await place.storage.pruneJobs(100, t0 + 100 * dayMs)).rows).toBe(1);
    expect(single(await place.storage.insertJobs([aJob({ unique })]))).toEqual({
      id,
      outcome: "existing",
    });
  });

  law("pruners at once remove each job once", async ({ storage, connect }) => {
    const other = await connect();
    await enqueue(storage, ...someJobs(40));
    for (const { id } of await storage.listJobs({}, 100)) await storage.cancelJob(id, stop);
    let rows = 0;
    for (let pass = 0; pass < 20 && rows < 40; pass++) {
      const passes = [storage, other, storage, other].map((each) =>
        each.pruneJobs(7, t0 + 100 * dayMs),
      );
      rows += (await Promise.all(passes)).reduce((sum, answer) => sum + answer.rows, 0);
    }
    expect(rows).toBe(40);
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });
};
