import { expect } from "vitest";
import { type JobState, jobStates } from "../../src/core/job.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
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
} from "./jobs.ts";
import type { Place } from "./harness.ts";
import type { Chapter } from "./law.ts";

/** One job in each state, the available one last so that no claim takes it. */
async function oneOfEach(place: Place): Promise<ReadonlyMap<JobState, string>> {
  const ids = new Map<JobState, string>();
  const order = [...jobStates.filter((state) => state !== "available"), "available" as const];
  for (const state of order) ids.set(state, await bring(place, state));
  return ids;
}

const noIds = ["999999999", "9223372036854775807", "0"];
const noIdsAtAll = ["", "abc", "-1", "1.5", "1e3", "99999999999999999999", "' OR 1=1 --"];

export const inspectLaws: Chapter = (law) => {
  for (const state of jobStates) {
    law(`getJob finds a job that is ${state}`, async (place) => {
      const id = await bring(place, state, { payload: '{"a":1}', tags: ["t"] });
      const job = await jobAt(place.storage, id);
      expect(job).toMatchObject({ id, state, payload: { a: 1 }, tags: ["t"], createdAt: t0 });
      expect(job.worker !== null).toBe(state === "running");
      expect(job.finishedAt !== null).toBe(
        state === "completed" || state === "cancelled" || state === "discarded",
      );
    });
  }

  law("getJob gives undefined for an id without a job", async ({ storage }) => {
    await enqueueOne(storage);
    for (const id of noIds) expect(await storage.getJob(id)).toBeUndefined();
  });

  law("text that can be no id names no job", async ({ storage }) => {
    await enqueueOne(storage);
    for (const id of noIdsAtAll) {
      expect(await storage.getJob(id), id).toBeUndefined();
      expect(await storage.cancelJob(id, stop), id).toBe("missing");
      expect(await storage.retryJob(id, t0), id).toBe("missing");
      expect(await storage.runJobNow(id, t0), id).toBe("missing");
      expect(await storage.deleteJob(id), id).toBe("missing");
    }
    expect(await storage.findEnds(noIdsAtAll)).toEqual({ ends: [], missing: noIdsAtAll });
  });

  law("a value never stored is undefined, a stored null is null", async ({ storage }) => {
    const { lease } = await runOne(storage, { payload: "null" });
    expect(await jobAt(storage, lease.id)).toMatchObject({
      payload: null,
      result: undefined,
      checkpoint: undefined,
      progress: undefined,
    });
    await storage.patchJob(lease, { result: "null", checkpoint: "null", progress: "null" });
    expect(await jobAt(storage, lease.id)).toMatchObject({
      result: null,
      checkpoint: null,
      progress: null,
    });
  });

  law("a job moving between tables is always seen exactly once", async ({ storage, connect }) => {
    const other = await connect();
    const unique = { key: "k", while: "waiting", until: null, onConflict: "replace" } as const;
    const id = await enqueueOne(storage, { unique });
    let moving = true;
    const mover = (async () => {
      for (let move = 0; move < 60; move++) {
        const runAt = move % 2 === 0 ? t0 + 1_000 : t0;
        await other.insertJobs([aJob({ unique, runAt })]);
      }
      moving = false;
    })();
    let reads = 0;
    for (; moving; reads++) {
      const [job, listed, counts] = await Promise.all([
        storage.getJob(id),
        storage.listJobs({}, 10),
        storage.countJobs({}),
      ]);
      expect(job?.id).toBe(id);
      expect(listed.map((each) => each.id)).toEqual([id]);
      expect(counts.available + counts.scheduled).toBe(1);
    }
    await mover;
    expect(reads).toBeGreaterThan(0);
  });

  law("a list is newest first, over all tables", async (place) => {
    const ids = await oneOfEach(place);
    const newestFirst = [...ids.values()].toSorted((a, b) => Number(BigInt(b) - BigInt(a)));
    expect((await place.storage.listJobs({}, 100)).map(({ id }) => id)).toEqual(newestFirst);
  });

  law("a listed job is the same as one asked for by id", async (place) => {
    await oneOfEach(place);
    for (const job of await place.storage.listJobs({}, 100)) {
      expect(job).toEqual(await place.storage.getJob(job.id));
    }
  });

  law("pages go on below the id given, without gaps and repetitions", async ({ storage }) => {
    const ids = await enqueue(
      storage,
      ...someJobs(10).map((job, index) => ({ ...job, runAt: t0 + (index % 2) })),
    );
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 5; page++) {
      const jobs = await storage.listJobs({}, 4, after);
      seen.push(...jobs.map(({ id }) => id));
      after = jobs.at(-1)?.id ?? after;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  for (const state of jobStates) {
    law(`a list of ${state} jobs has only those`, async (place) => {
      const ids = await oneOfEach(place);
      const jobs = await place.storage.listJobs({ states: [state] }, 100);
      expect(jobs.map((job) => [job.id, job.state])).toEqual([[ids.get(state), state]]);
    });
  }

  law("several states are listed together, in one order", async (place) => {
    const ids = await oneOfEach(place);
    const states = ["available", "completed", "scheduled", "cancelled"] as const;
    const jobs = await place.storage.listJobs({ states }, 100);
    const expected = states.map((state) => ids.get(state) ?? "");
    expect(jobs.map(({ id }) => id)).toEqual(
      expected.toSorted((a, b) => Number(BigInt(b) - BigInt(a))),
    );
    expect(await place.storage.listJobs({ states }, 2)).toEqual(jobs.slice(0, 2));
  });

  law("filters by queue, name and tag hold together", async ({ storage }) => {
    const [, b, c] = await enqueue(
      storage,
      aJob({ queue: "q", name: "a", tags: ["x"] }),
      aJob({ queue: "q", name: "b", tags: ["x", "y"] }),
      aJob({ queue: "q", name: "b", tags: ["y"] }),
      aJob({ queue: "r", name: "b", tags: ["x"] }),
      aJob({ queue: "q", name: "b", tags: ["xy"] }),
    );
    const idsOf = async (query: Parameters<typeof storage.listJobs>[0]) =>
      (await storage.listJobs(query, 10)).map(({ id }) => id);
    expect(await idsOf({ queue: "q", name: "b", tag: "x" })).toEqual([b]);
    expect(await idsOf({ queue: "q", name: "b", tag: "y" })).toEqual([c, b]);
    expect(await idsOf({ queue: "q", name: "b", tag: "y", states: ["scheduled"] })).toEqual([]);
    expect(await idsOf({ tag: "none" })).toEqual([]);
    expect(await idsOf({ name: "b" })).toHaveLength(4);
    expect(await idsOf({ queue: "r" })).toHaveLength(1);
  });

  law("no states at all are no jobs", async ({ storage }) => {
    await enqueueOne(storage);
    expect(await storage.listJobs({ states: [] }, 10)).toEqual([]);
  });

  law("counts name every state", async (place) => {
    const none = Object.fromEntries(jobStates.map((state) => [state, 0]));
    expect(await place.storage.countJobs({})).toEqual(none);
    await oneOfEach(place);
    const one = Object.fromEntries(jobStates.map((state) => [state, 1]));
    expect(await place.storage.countJobs({})).toEqual(one);
  });

  law("counts follow the filter", async ({ storage }) => {
    await enqueue(
      storage,
      ...someJobs(3, { queue: "q", tags: ["x"] }),
      ...someJobs(2, { queue: "q", name: "other" }),
      ...someJobs(4, { runAt: t0 + 1 }),
    );
    expect(await storage.countJobs({ queue: "q" })).toMatchObject({ available: 5, scheduled: 0 });
    expect(await storage.countJobs({ name: "other" })).toMatchObject({ available: 2 });
    expect(await storage.countJobs({ tag: "x", queue: "q" })).toMatchObject({ available: 3 });
    expect(await storage.countJobs({ states: ["scheduled"] })).toMatchObject({
      available: 0,
      scheduled: 4,
    });
  });

  law("a preview has the counts, and the newest of those it counted", async (place) => {
    const { storage } = place;
    expect(await storage.previewJobs({}, 3)).toMatchObject({ sample: [] });
    const ids = [...(await oneOfEach(place)).values()];
    const sparse = await enqueue(storage, ...someJobs(4, { queue: "q", runAt: t0 + 1 }));
    const newer = await enqueue(storage, ...someJobs(9));
    for (const [query, of] of [
      [{}, [...ids, ...sparse, ...newer]],
      [{ queue: "q" }, sparse],
      [{ states: ["scheduled", "discarded"] }, [...ids, ...sparse]],
      [{ states: [] }, []],
      [{ name: "nobody" }, []],
    ] as const) {
      const { byState, sample } = await storage.previewJobs(query, 3);
      expect(byState).toEqual(await storage.countJobs(query));
      expect(sample).toEqual(await storage.listJobs(query, 3));
      for (const { id } of sample) expect(of).toContain(id);
    }
  });

  law("ends are told of the finished, and which jobs are missing", async (place) => {
    const { storage } = place;
    const job = await runOne(storage);
    await settleOne(storage, job, "completed", { result: '{"n": 1}' });
    const ids = await oneOfEach(place);
    const { ends, missing } = await storage.findEnds([job.lease.id, ...ids.values(), ...noIds]);
    expect(new Set(missing)).toEqual(new Set(noIds));
    expect(new Map(ends.map((end) => [end.id, end]))).toEqual(
      new Map(
        [
          { id: job.lease.id, state: "completed", result: '{"n": 1}', reason: null },
          { id: ids.get("completed"), state: "completed", result: null, reason: null },
          {
            id: ids.get("cancelled"),
            state: "cancelled",
            result: null,
            reason: { code: "JOB_CANCELLED", message: stop.why, by: stop.by },
          },
          {
            id: ids.get("discarded"),
            state: "discarded",
            result: null,
            reason: { code: "ATTEMPTS_EXHAUSTED", message: "It was discarded." },
          },
        ].map((end) => [end.id, end]),
      ),
    );
    expect(await storage.findEnds([])).toEqual({ ends: [], missing: [] });
  });

  law("the ends of thousands are found in one call", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(3_000));
    const [first] = await claim(storage, await hire(storage), { limit: 1 });
    if (first !== undefined) await settleOne(storage, first, "completed");
    const { ends, missing } = await storage.findEnds(ids);
    expect(single(ends).id).toBe(ids[0]);
    expect(missing).toEqual([]);
  });

  law("queues are listed by name with what they hold", async (place) => {
    const { storage } = place;
    await bring(place, "blocked", { queue: "c" });
    await enqueue(storage, ...someJobs(3, { queue: "b" }), aJob({ queue: "later", runAt: t0 + 1 }));
    await hire(storage, { queues: ["a", "b"] });
    const owner = await hire(storage, { queues: ["b"] });
    await claim(storage, owner, { queues: [{ queue: "b", limit: 1 }] });
    await storage.pauseQueue("c", true);
    const counts = { available: 0, running: 0, blocked: 0, scheduled: 0 };
    const open = { paused: false, closedUntil: null, throttleLevel: 0, ...counts };
    expect(await storage.listQueues()).toMatchObject([
      { ...open, name: "a" },
      { ...open, name: "b", available: 2, running: 1 },
      { ...open, name: "c", paused: true, blocked: 1 },
      { ...open, name: "later", scheduled: 1 },
    ]);
  });

  law("what each worker is at is told of an available job, and of no other", async (place) => {
    const { storage } = place;
    const [one, two, three] = [await hire(storage), await hire(storage), await hire(storage)];
    const other = { queues: [{ queue: "other", limit: 1 }], limit: 1 };
    await enqueue(storage, ...someJobs(3), aJob({ queue: "other" }), aJob({ queue: "other" }));
    await claim(storage, one, { limit: 2 });
    const crashed = single(await claim(storage, two, other));
    await settleOne(storage, crashed, "retryable", { crashes: 1, runAt: t0 + 1 });
    await claim(storage, two, other);
    await storage.promoteJobs(10, t0 + 1);
    await claim(storage, three, other);
    const [waiting] = await storage.listJobs({ states: ["available"] }, 10);
    const [running] = await storage.listJobs({ states: ["running"] }, 10);
    if (waiting === undefined || running === undefined) throw new Error("too few jobs");
    expect((await storage.lookAround(waiting, t0)).loads).toEqual({
      [one]: { running: 2, alone: null },
      [two]: { running: 0, alone: null },
      [three]: { running: 0, alone: crashed.lease.id },
    });
    expect((await storage.lookAround(running, t0)).loads).toEqual({});
  });

  law("reading changes nothing", async (place) => {
    const { storage } = place;
    const ids = await oneOfEach(place);
    const before = await storage.listJobs({}, 100);
    await storage.countJobs({});
    await storage.findEnds([...ids.values()]);
    await storage.listQueues();
    await storage.listOrphans(10);
    expect(await storage.listJobs({}, 100)).toEqual(before);
    expect(await stateOf(storage, ids.get("available") ?? "")).toBe("available");
  });
};
