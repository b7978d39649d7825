import { expect } from "vitest";
import type { JobState } from "../../src/core/job.ts";
import type { UniqueWhile } from "../../src/core/unique.ts";
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
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** The states in which a holder still holds its key. */
const holds: Readonly<Record<UniqueWhile, readonly JobState[]>> = {
  unfinished: ["scheduled", "available", "blocked", "running", "retryable"],
  waiting: ["scheduled", "available", "blocked"],
  ever: [
    "scheduled",
    "available",
    "blocked",
    "running",
    "retryable",
    "completed",
    "cancelled",
    "discarded",
  ],
};

export const uniqueLaws: Chapter = (law) => {
  for (const mode of ["unfinished", "waiting", "ever"] as const) {
    for (const state of holds.ever) {
      const held = holds[mode].includes(state);
      law(
        `a key held while ${mode} is ${held ? "held" : "free"} when its job is ${state}`,
        async (place) => {
          const unique = uniqueOn("k", { while: mode });
          const holder = await bring(place, state, { unique });
          const { id, outcome } = single(await place.storage.insertJobs([aJob({ unique })]));
          if (held) expect({ id, outcome }).toEqual({ id: holder, outcome: "existing" });
          else expect(outcome).toBe("enqueued");
          expect(await stateOf(place.storage, holder)).toBe(state);
        },
      );
    }
  }

  law("a key is held per name", async ({ storage }) => {
    const unique = uniqueOn("k");
    const receipts = await storage.insertJobs([aJob({ unique }), aJob({ name: "other", unique })]);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(["enqueued", "enqueued"]);
  });

  law("a key counts letter by letter", async ({ storage }) => {
    const keys = ["k", "K", "k ", "ｋ"];
    const jobs = keys.map((key) => aJob({ unique: uniqueOn(key) }));
    const receipts = await storage.insertJobs(jobs);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(keys.map(() => "enqueued"));
  });

  law("within one call a later job finds the earlier one holding the key", async ({ storage }) => {
    const unique = uniqueOn("k");
    const [first, second, third] = await storage.insertJobs([
      aJob({ unique }),
      aJob(),
      aJob({ unique }),
    ]);
    expect(third).toEqual({ id: first?.id, outcome: "existing" });
    expect(second?.outcome).toBe("enqueued");
    expect(await storage.listJobs({}, 10)).toHaveLength(2);
  });

  law("within one call a later job replaces the earlier one", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting", onConflict: "replace" });
    const [first, second] = await storage.insertJobs([
      aJob({ payload: "1", unique }),
      aJob({ payload: "2", unique }),
    ]);
    expect(second).toEqual({ id: first?.id, outcome: "replaced" });
    expect(single(await storage.listJobs({}, 10)).payload).toBe(2);
  });

  law("within one call a conflict refuses the call", async ({ storage }) => {
    const unique = uniqueOn("k", { onConflict: "error" });
    await expect(storage.insertJobs([aJob({ unique }), aJob({ unique })])).rejects.toMatchObject({
      code: "UNIQUE_CONFLICT",
    });
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });

  law("error throws UNIQUE_CONFLICT with the holder and stores nothing", async ({ storage }) => {
    const holder = await enqueueOne(storage, { unique: uniqueOn("k") });
    const unique = uniqueOn("k", { onConflict: "error" });
    await expect(storage.insertJobs([aJob({ unique })])).rejects.toMatchObject({
      name: "HoldfastError",
      code: "UNIQUE_CONFLICT",
      details: { holder },
    });
    expect(await storage.listJobs({}, 10)).toHaveLength(1);
  });

  law("replace rewrites the holder and keeps its id", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting", onConflict: "replace" });
    const holder = await enqueueOne(storage, { unique });
    const policy = { ...aJob().policy, attempts: 1 };
    const given = {
      version: 2,
      queue: "other",
      priority: 1,
      payload: '"new"',
      tags: ["t"],
      policy,
    };
    const receipt = single(await storage.insertJobs([aJob({ ...given, unique })]));
    expect(receipt).toEqual({ id: holder, outcome: "replaced" });
    expect(await jobAt(storage, holder)).toMatchObject({
      version: 2,
      queue: "other",
      priority: 1,
      payload: "new",
      tags: ["t"],
      uniqueKey: "k",
    });
    const queues = [{ queue: "other", limit: 1 }];
    const job = single(
      await claim(storage, await hire(storage), { queues, handlers: { work: 2 } }),
    );
    expect(job.policy).toEqual(policy);
  });

  law("replace moves an available holder to scheduled and back", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting", onConflict: "replace" });
    const id = await enqueueOne(storage, { unique });
    await storage.insertJobs([aJob({ unique, runAt: t0 + 5_000 })]);
    expect(await jobAt(storage, id)).toMatchObject({ state: "scheduled", runAt: t0 + 5_000 });
    expect(await claim(storage, await hire(storage))).toEqual([]);
    await storage.insertJobs([aJob({ unique })]);
    expect(await jobAt(storage, id)).toMatchObject({ state: "available", runAt: t0 });
    expect(await claim(storage, await hire(storage))).toHaveLength(1);
  });

  law("replace puts a scheduled holder off, as debouncing does", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting", onConflict: "replace" });
    const id = await enqueueOne(storage, { unique, runAt: t0 + 1_000 });
    await storage.insertJobs([aJob({ unique, runAt: t0 + 9_000, payload: "2" })]);
    expect((await storage.promoteJobs(10, t0 + 1_000)).rows).toBe(0);
    expect(await jobAt(storage, id)).toMatchObject({ state: "scheduled", payload: 2 });
    expect((await storage.promoteJobs(10, t0 + 9_000)).rows).toBe(1);
  });

  law("replace leaves a holder that has started alone and makes a new job", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting", onConflict: "replace" });
    const job = await runOne(storage, { payload: "1", unique });
    const { id, outcome } = single(await storage.insertJobs([aJob({ payload: "2", unique })]));
    expect(outcome).toBe("enqueued");
    expect((await jobAt(storage, job.lease.id)).payload).toBe(1);
    expect((await jobAt(storage, id)).payload).toBe(2);
  });

  law("a key past its time is free although its job lives on", async ({ storage }) => {
    const holder = await enqueueOne(storage, { unique: uniqueOn("k", { until: t0 + 1_000 }) });
    const within = aJob({ createdAt: t0 + 999, unique: uniqueOn("k", { until: t0 + 1_999 }) });
    expect(single(await storage.insertJobs([within]))).toEqual({ id: holder, outcome: "existing" });
    const past = aJob({ createdAt: t0 + 1_000, unique: uniqueOn("k", { until: t0 + 2_000 }) });
    const { id, outcome } = single(await storage.insertJobs([past]));
    expect(outcome).toBe("enqueued");
    expect(single(await storage.insertJobs([past]))).toEqual({ id, outcome: "existing" });
  });

  law(
    "a job that lost its key to time does not free it for the new holder",
    async ({ storage }) => {
      const old = await runOne(storage, { unique: uniqueOn("k", { until: t0 + 1_000 }) });
      const next = aJob({ createdAt: t0 + 1_000, unique: uniqueOn("k") });
      const { id } = single(await storage.insertJobs([next]));
      expect(await settleOne(storage, old, "completed")).toEqual({ outcome: "settled" });
      expect(single(await storage.insertJobs([next]))).toEqual({ id, outcome: "existing" });
    },
  );

  law("a finished job frees its key, whatever way it ends", async ({ storage }) => {
    for (const end of ["completed", "cancelled", "discarded"] as const) {
      const job = await runOne(storage, { unique: uniqueOn("k") });
      await settleOne(storage, job, end);
      const next = single(await storage.insertJobs([aJob({ unique: uniqueOn("k") })]));
      expect(next.outcome, end).toBe("enqueued");
      await storage.deleteJob(next.id);
    }
  });

  law("a cancelled and a deleted waiting job free their keys", async ({ storage }) => {
    const unique = uniqueOn("k");
    await storage.cancelJob(await enqueueOne(storage, { unique }), stop);
    const second = single(await storage.insertJobs([aJob({ unique })]));
    expect(second.outcome).toBe("enqueued");
    await storage.deleteJob(second.id);
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("enqueued");
  });

  law("a job that comes back takes no key and fails on none", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting" });
    const first = await runOne(storage, { unique });
    const [second] = await enqueue(storage, aJob({ unique }));
    expect(await settleOne(storage, first, "available")).toEqual({ outcome: "settled" });
    expect(single(await storage.insertJobs([aJob({ unique })]))).toEqual({
      id: second,
      outcome: "existing",
    });
  });

  law(
    "of many enqueues at once of one key exactly one makes a job",
    async ({ storage, connect }) => {
      const other = await connect();
      const calls = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? storage : other).insertJobs([aJob({ unique: uniqueOn("k") })]),
      );
      const receipts = (await Promise.all(calls)).flat();
      expect(receipts.filter(({ outcome }) => outcome === "enqueued")).toHaveLength(1);
      expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
      expect(await storage.listJobs({}, 10)).toHaveLength(1);
    },
  );

  law(
    "of five unique enqueues at once of which four roll back exactly one job is left",
    async ({ storage }) => {
      const attempt = (commits: boolean) =>
        storage.transact(async (tx) => {
          await storage.insertJobs([aJob({ unique: uniqueOn("k") })], tx);
          if (!commits) throw new Error("rolled back");
        });
      const outcomes = await Promise.allSettled([false, false, true, false, false].map(attempt));
      expect(outcomes.map(({ status }) => status).toSorted()[0]).toBe("fulfilled");
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(4);
      expect(await storage.listJobs({}, 10)).toHaveLength(1);
    },
  );

  law(
    "two callers that take the same keys in opposite order never deadlock",
    async ({ storage, connect }) => {
      const other = await connect();
      const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
      const jobs = keys.map((key) => aJob({ unique: uniqueOn(key) }));
      for (let round = 0; round < 5; round++) {
        const [one, two] = await Promise.all([
          storage.insertJobs(jobs),
          other.insertJobs(jobs.toReversed()),
        ]);
        expect(two.map(({ id }) => id).toReversed()).toEqual(one.map(({ id }) => id));
        for (const { id } of one) await storage.deleteJob(id);
      }
    },
  );
};
