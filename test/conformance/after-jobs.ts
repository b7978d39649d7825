import { expect } from "vitest";
import type { NewJob } from "../../src/core/new-job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring, jobAt } from "./bring.ts";
import { aJob, dayMs, enqueueOne, runOne, settleOne, single, stop, t0, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const keyed = (given: Partial<NewJob> = {}, key = "request", keptMs = dayMs) =>
  aJob({ ...given, idempotency: { key, keptMs } });

const heir = uniqueOn("k", { inheritState: true });

/** Runs a job to its end with a state of its own; gives the state it began with. */
async function generation(storage: Storage, state: string): Promise<string | null> {
  const job = await runOne(storage, { unique: heir });
  await storage.patchJob(job.lease, { checkpoint: state });
  await settleOne(storage, job, "completed");
  return job.checkpoint;
}

export const idempotencyLaws: Chapter = (law) => {
  for (const state of ["scheduled", "available", "running", "retryable"] as const) {
    law(`a repeated request gives its job however late while that is ${state}`, async (place) => {
      const { idempotency } = keyed();
      const id = await bring(place, state, idempotency === undefined ? {} : { idempotency });
      const late = t0 + 100 * dayMs;
      const again = single(await place.storage.insertJobs([keyed({ createdAt: late })]));
      expect(again).toEqual({ id, outcome: "existing" });
    });
  }

  law(
    "a repeated request gives its job until its time after the job's end",
    async ({ storage }) => {
      const job = await runOne(storage, keyed());
      await settleOne(storage, job, "completed");
      const { id } = job.lease;
      const early = keyed({ createdAt: t0 + dayMs - 1, payload: '"other"' });
      expect(single(await storage.insertJobs([early]))).toEqual({ id, outcome: "existing" });
      const late = single(await storage.insertJobs([keyed({ createdAt: t0 + dayMs })]));
      expect(late.outcome).toBe("enqueued");
      expect(late.id).not.toBe(id);
      const third = single(await storage.insertJobs([keyed({ createdAt: t0 + dayMs })]));
      expect(third).toEqual({ id: late.id, outcome: "existing" });
    },
  );

  for (const [to, keptDays] of [
    ["completed", 7],
    ["discarded", 30],
  ] as const) {
    law(
      `a repeated request gives its job also when that was ${to} and is no longer kept`,
      async ({ storage }) => {
        const request = { key: to, keptMs: 100 * dayMs };
        const job = await runOne(storage, { idempotency: request });
        await settleOne(storage, job, to);
        const pruned = t0 + (keptDays + 1) * dayMs;
        await storage.pruneJobs(100, pruned);
        expect(await storage.getJob(job.lease.id)).toBeUndefined();
        const again = aJob({ createdAt: pruned, idempotency: request });
        expect(single(await storage.insertJobs([again]))).toEqual({
          id: job.lease.id,
          outcome: "existing",
          kept: false,
        });
        await storage.pruneJobs(100, t0 + 100 * dayMs);
        const late = { ...again, createdAt: t0 + 100 * dayMs };
        expect(single(await storage.insertJobs([late])).outcome).toBe("enqueued");
      },
    );
  }

  law(
    "a finished job that is deleted keeps its request, one that waited does not",
    async (place) => {
      const { storage } = place;
      const finished = await runOne(storage, keyed());
      await settleOne(storage, finished, "completed");
      await storage.deleteJob(finished.lease.id);
      expect(single(await storage.insertJobs([keyed()]))).toEqual({
        id: finished.lease.id,
        outcome: "existing",
        kept: false,
      });
      const waiting = await enqueueOne(storage, keyed({}, "two"));
      await storage.deleteJob(waiting);
      expect(single(await storage.insertJobs([keyed({}, "two")])).outcome).toBe("enqueued");
    },
  );

  law("a request's key counts per name, and comes before the unique key", async ({ storage }) => {
    const [one, other] = await storage.insertJobs([keyed(), keyed({ name: "other" })]);
    expect([one?.outcome, other?.outcome]).toEqual(["enqueued", "enqueued"]);
    const unique = uniqueOn("k", { onConflict: "error" });
    const [first] = await storage.insertJobs([keyed({ unique }, "two")]);
    const again = single(await storage.insertJobs([keyed({ unique }, "two")]));
    expect(again).toEqual({ id: first?.id, outcome: "existing" });
  });

  law("a request given the holder of its unique key gives that job again", async ({ storage }) => {
    const holder = await enqueueOne(storage, { unique: uniqueOn("k") });
    const request = keyed({ unique: uniqueOn("k") });
    expect(single(await storage.insertJobs([request])).id).toBe(holder);
    await storage.cancelJob(holder, stop);
    expect(single(await storage.insertJobs([request]))).toEqual({
      id: holder,
      outcome: "existing",
    });
  });

  law("within one call a repeated request gives the first one's job", async ({ storage }) => {
    const receipts = await storage.insertJobs([keyed(), aJob(), keyed(), keyed({}, "two")]);
    expect(receipts.map(({ outcome }) => outcome)).toEqual([
      "enqueued",
      "enqueued",
      "existing",
      "enqueued",
    ]);
    expect(receipts[2]?.id).toBe(receipts[0]?.id);
    expect(await storage.listJobs({}, 10)).toHaveLength(3);
  });

  law("of many requests at once under one key exactly one makes a job", async (place) => {
    const { storage } = place;
    const other = await place.connect();
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? storage : other).insertJobs([keyed()]),
    );
    const receipts = (await Promise.all(calls)).flat();
    expect(receipts.filter(({ outcome }) => outcome === "enqueued")).toHaveLength(1);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
  });

  law("of many requests at once past the key's time exactly one makes a job", async (place) => {
    const { storage } = place;
    const other = await place.connect();
    await settleOne(storage, await runOne(storage, keyed()), "completed");
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? storage : other).insertJobs([keyed({ createdAt: t0 + dayMs })]),
    );
    const receipts = (await Promise.all(calls)).flat();
    expect(receipts.filter(({ outcome }) => outcome === "enqueued")).toHaveLength(1);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
  });

  law("a request of a transaction that rolls back never was", async ({ storage }) => {
    const failing = storage.transact(async (tx) => {
      await storage.insertJobs([keyed()], tx);
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(single(await storage.insertJobs([keyed()])).outcome).toBe("enqueued");
  });
};

export const generationLaws: Chapter = (law) => {
  law("a generation begins with the last state of the one before it", async ({ storage }) => {
    expect(await generation(storage, "1")).toBeNull();
    expect(await generation(storage, "2")).toBe("1");
    const id = await enqueueOne(storage, { unique: heir, runAt: t0 + 1_000 });
    expect((await jobAt(storage, id)).checkpoint).toBe(2);
  });

  law("a state is handed on however the job ended, and not to other keys", async ({ storage }) => {
    const job = await runOne(storage, { unique: heir });
    await storage.patchJob(job.lease, { checkpoint: "7" });
    await settleOne(storage, job, "discarded");
    const other = uniqueOn("other", { inheritState: true });
    const [next, stranger] = await storage.insertJobs([
      aJob({ unique: heir }),
      aJob({ unique: other }),
    ]);
    expect((await jobAt(storage, next?.id ?? "")).checkpoint).toBe(7);
    expect((await jobAt(storage, stranger?.id ?? "")).checkpoint).toBeUndefined();
  });

  law("a state is handed on also when its job is no longer kept", async ({ storage }) => {
    await generation(storage, '"kept"');
    await storage.pruneJobs(100, t0 + 20 * dayMs);
    expect(await storage.countJobs({})).toMatchObject({ completed: 0 });
    expect(await generation(storage, "null")).toBe('"kept"');
  });

  law("a deleted job hands nothing on", async ({ storage }) => {
    const job = await runOne(storage, { unique: heir });
    await storage.patchJob(job.lease, { checkpoint: "1" });
    await settleOne(storage, job, "completed");
    await storage.deleteJob(job.lease.id);
    const id = await enqueueOne(storage, { unique: heir });
    expect((await jobAt(storage, id)).checkpoint).toBeUndefined();
  });

  law("a job retried by hand is the newest generation again", async ({ storage }) => {
    const old = await runOne(storage, { unique: heir });
    await storage.patchJob(old.lease, { checkpoint: '"old"' });
    await settleOne(storage, old, "discarded");
    await generation(storage, '"new"');
    await storage.retryJob(old.lease.id, t0);
    await storage.cancelJob(old.lease.id, stop);
    const id = await enqueueOne(storage, { unique: heir });
    expect((await jobAt(storage, id)).checkpoint).toBe("old");
  });

  law("a key held for good whose time is up is not taken by a retry", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "ever", until: t0 + 1_000 });
    const job = await runOne(storage, { unique });
    await settleOne(storage, job, "discarded");
    await storage.pruneJobs(100, t0 + 1_000);
    await storage.retryJob(job.lease.id, t0 + 2_000);
    const next = aJob({ createdAt: t0 + 2_000, unique });
    expect(single(await storage.insertJobs([next])).outcome).toBe("enqueued");
  });
};
