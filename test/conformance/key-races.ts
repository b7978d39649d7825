import { expect } from "vitest";
import type { EnqueueReceipt } from "../../src/core/enqueue-options.ts";
import type { NewJob } from "../../src/core/new-job.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { jobAt } from "./bring.ts";
import { aJob, dayMs, runOne, settleOne, single, stop, t0, uniqueOn } from "./jobs.ts";
import { type Race, race } from "./race.ts";
import { codeOf } from "./race-cases.ts";

let drawn = 0;

/** A key no race before has used: what a key says outlives its job. */
function freshKey(): string {
  drawn += 1;
  return `key ${drawn}`;
}

/** When a job that completed at `t0` is no longer kept. */
const pruned = t0 + 10 * dayMs;

const request = (key: string, createdAt = t0, keptMs = dayMs): NewJob =>
  aJob({ createdAt, idempotency: { key, keptMs } });

const heir = (key: string, createdAt = t0): NewJob =>
  aJob({ createdAt, unique: uniqueOn(key, { inheritState: true }) });

async function insert(storage: Storage, job: NewJob): Promise<EnqueueReceipt> {
  return single(await storage.insertJobs([job]));
}

/** A key that hands states on, whose one job so far ended with the state 1. */
async function oneGeneration(storage: Storage, to: Settlement["to"]) {
  const key = freshKey();
  const job = await runOne(storage, heir(key));
  await storage.patchJob(job.lease, { checkpoint: "1" });
  await settleOne(storage, job, to);
  return { key, id: job.lease.id };
}

/** Races about what outlives a job: the requests that idempotency keys name, and the states keys hand on. */
export const keyRaces: readonly Race[] = [
  race("two requests under one key: one makes the job, both are given it", {
    setUp: async () => freshKey(),
    one: (storage, key) => insert(storage, request(key)),
    two: (storage, key) => insert(storage, request(key)),
    check: async ({ storage, one, two }) => {
      expect([one.outcome, two.outcome].toSorted()).toEqual(["enqueued", "existing"]);
      expect(one.id).toBe(two.id);
      expect(single(await storage.listJobs({}, 10)).id).toBe(one.id);
    },
  }),

  race("a repeated request and the end of its job: it is given that job", {
    setUp: async (storage) => {
      const key = freshKey();
      return { key, job: await runOne(storage, request(key)) };
    },
    one: (storage, { key }) => insert(storage, request(key)),
    two: (storage, { job }) => settleOne(storage, job, "completed"),
    check: async ({ setup, one, two }) => {
      expect(one).toEqual({ id: setup.job.lease.id, outcome: "existing" });
      expect(two).toEqual({ outcome: "settled" });
    },
  }),

  race("a repeated request within its time and a pruning: it is given its job, kept or not", {
    setUp: async (storage) => {
      const key = freshKey();
      const job = await runOne(storage, request(key, t0, 100 * dayMs));
      await settleOne(storage, job, "completed");
      return { key, id: job.lease.id };
    },
    one: (storage, { key }) => insert(storage, request(key, pruned, 100 * dayMs)),
    two: (storage) => storage.pruneJobs(100, pruned),
    check: async ({ storage, setup, one, first }) => {
      expect(one).toMatchObject({ id: setup.id, outcome: "existing" });
      if (first === "one") expect(one.kept).toBeUndefined();
      if (first === "two") expect(one.kept).toBe(false);
      const gone = { id: setup.id, outcome: "existing", kept: false };
      expect(await insert(storage, request(setup.key, pruned))).toEqual(gone);
    },
  }),

  race("a request past its time and a pruning: it makes a job, and its key is known from then on", {
    setUp: async (storage) => {
      const key = freshKey();
      const job = await runOne(storage, request(key));
      await settleOne(storage, job, "completed");
      return { key, id: job.lease.id };
    },
    one: (storage, { key }) => insert(storage, request(key, pruned)),
    two: (storage) => storage.pruneJobs(100, pruned),
    check: async ({ storage, setup, one }) => {
      expect(one.outcome).toBe("enqueued");
      expect(one.id).not.toBe(setup.id);
      await storage.pruneJobs(100, pruned);
      const again = await insert(storage, request(setup.key, pruned));
      expect(again).toEqual({ id: one.id, outcome: "existing" });
    },
  }),

  race("a repeated request and the delete of its waiting job: no key names a job that never was", {
    setUp: async (storage) => {
      const key = freshKey();
      return { key, id: (await insert(storage, request(key))).id };
    },
    one: (storage, { key }) => insert(storage, request(key)),
    two: (storage, { id }) => storage.deleteJob(id),
    check: async ({ storage, setup, one, two }) => {
      expect(two).toBe("deleted");
      expect(one.id === setup.id).toBe(one.outcome === "existing");
      const again = await insert(storage, request(setup.key));
      expect(again.outcome).toBe(one.outcome === "existing" ? "enqueued" : "existing");
      expect((await jobAt(storage, again.id)).state).toBe("available");
    },
  }),

  race("the end of a generation and the next enqueue: what is new begins with the last state", {
    setUp: async (storage) => {
      const key = freshKey();
      const job = await runOne(storage, heir(key));
      await storage.patchJob(job.lease, { checkpoint: "1" });
      return { key, job };
    },
    one: (storage, { key }) => insert(storage, heir(key)),
    two: (storage, { job }) => settleOne(storage, job, "completed"),
    check: async ({ storage, setup, one, two }) => {
      expect(two).toEqual({ outcome: "settled" });
      expect(one.outcome).toBe(one.id === setup.job.lease.id ? "existing" : "enqueued");
      expect((await jobAt(storage, one.id)).checkpoint).toBe(1);
    },
  }),

  race("two enqueues of a key whose job has ended: one begins the generation, with its state", {
    setUp: (storage) => oneGeneration(storage, "completed"),
    one: (storage, { key }) => insert(storage, heir(key)),
    two: (storage, { key }) => insert(storage, heir(key)),
    check: async ({ storage, one, two }) => {
      expect([one.outcome, two.outcome].toSorted()).toEqual(["enqueued", "existing"]);
      expect(one.id).toBe(two.id);
      expect((await jobAt(storage, one.id)).checkpoint).toBe(1);
    },
  }),

  race("the next generation and a pruning of the one before: the state is handed on", {
    setUp: (storage) => oneGeneration(storage, "completed"),
    one: (storage, { key }) => insert(storage, heir(key, pruned)),
    two: (storage) => storage.pruneJobs(100, pruned),
    check: async ({ storage, setup, one }) => {
      expect(one.outcome).toBe("enqueued");
      expect((await jobAt(storage, one.id)).checkpoint).toBe(1);
      await storage.cancelJob(one.id, stop);
      const next = await insert(storage, heir(setup.key, pruned));
      expect((await jobAt(storage, next.id)).checkpoint).toBe(1);
    },
  }),

  race("a retry by hand and the next generation: one of them goes on with the state", {
    setUp: (storage) => oneGeneration(storage, "discarded"),
    one: (storage, { id }) => storage.retryJob(id, t0).catch(codeOf),
    two: (storage, { key }) => insert(storage, heir(key)),
    check: async ({ storage, setup, one, two }) => {
      expect([one, two.outcome]).toEqual(
        one === "retried" ? ["retried", "existing"] : ["UNIQUE_CONFLICT", "enqueued"],
      );
      expect(two.id === setup.id).toBe(one === "retried");
      expect((await jobAt(storage, two.id)).checkpoint).toBe(1);
      await storage.cancelJob(two.id, stop);
      const next = await insert(storage, heir(setup.key));
      expect((await jobAt(storage, next.id)).checkpoint).toBe(1);
    },
  }),
];
