import { expect } from "vitest";
import type { Attempt } from "../../src/core/attempt.ts";
import { jobAt, stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settlement,
  settleOne,
  single,
  someJobs,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { orphansOf } from "./orphans.ts";

const failedAttempt: Attempt = {
  number: 1,
  run: 1,
  worker: "1",
  began: t0,
  ended: t0 + 5,
  how: "failed",
  error: {
    name: "Error",
    message: `"quoted" 😀 \\ '; --`,
    stack: "Error\n    at x (y:1:2)",
    cause: { name: "TypeError", message: "inner", code: "E" },
  },
};

export const settleLaws: Chapter = (law) => {
  law("completed: the job is finished, with the time and its result", async ({ storage }) => {
    const job = await runOne(storage);
    const done = settlement(job, "completed", { result: '{"ok":true}', attempts: [failedAttempt] });
    expect(await storage.settleJobs([done], t0 + 9)).toEqual([{ outcome: "settled" }]);
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "completed",
      result: { ok: true },
      finishedAt: t0 + 9,
      claimedAt: t0,
      worker: null,
      reason: null,
      attempts: [failedAttempt],
    });
  });

  for (const to of ["cancelled", "discarded"] as const) {
    law(`${to}: the job is finished, with the time and the reason`, async ({ storage }) => {
      const job = await runOne(storage);
      const reason = { code: "CRASH_LOOP", message: `it's "over"`, by: "ops" } as const;
      const end = settlement(job, to, { reason, crashes: 3, attempt: 4 });
      expect(await storage.settleJobs([end], t0 + 9)).toEqual([{ outcome: "settled" }]);
      expect(await jobAt(storage, job.lease.id)).toMatchObject({
        state: to,
        reason,
        finishedAt: t0 + 9,
        claimedAt: t0,
        worker: null,
        crashes: 3,
        attempt: 4,
      });
    });
  }

  for (const to of ["scheduled", "retryable"] as const) {
    law(`${to}: the job waits for its time and then comes back`, async ({ storage }) => {
      const job = await runOne(storage);
      const given = { runAt: t0 + 500, attempt: 3, crashes: 2, backoffMs: 500 };
      expect(await settleOne(storage, job, to, given)).toEqual({ outcome: "settled" });
      expect(await jobAt(storage, job.lease.id)).toMatchObject({
        state: to,
        runAt: t0 + 500,
        attempt: 3,
        crashes: 2,
        run: 1,
        worker: null,
        finishedAt: null,
        reason: null,
      });
      await storage.promoteJobs(10, t0 + 500);
      const again = single(await claim(storage, job.lease.owner));
      expect(again).toMatchObject({ lease: { run: 2 }, attempt: 4, crashes: 2, backoffMs: 500 });
    });
  }

  for (const to of ["available", "retryable"] as const) {
    law(
      `${to}: a job given back unstarted tells of its one attempt when it has completed`,
      async ({ storage }) => {
        const job = await runOne(storage);
        await settleOne(storage, job, to, { runAt: t0, attempt: 0, attempts: [] });
        await storage.promoteJobs(10, t0);
        const again = single(await claim(storage, job.lease.owner));
        const attempt: Attempt = {
          number: 1,
          run: 2,
          worker: again.lease.owner,
          began: t0,
          ended: t0 + 5,
          how: "completed",
        };
        await settleOne(storage, again, "completed", { attempt: 1, attempts: [attempt] });
        expect((await jobAt(storage, job.lease.id)).attempts).toEqual([attempt]);
      },
    );
  }

  law("available: the job can be claimed at once", async ({ storage }) => {
    const job = await runOne(storage);
    const given = { attempt: 0, runAt: t0 };
    expect(await settleOne(storage, job, "available", given)).toEqual({ outcome: "settled" });
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "available",
      attempt: 0,
      run: 1,
      worker: null,
    });
    expect(await claim(storage, job.lease.owner)).toHaveLength(1);
  });

  law("a settle with a stale run changes nothing and says lease-lost", async ({ storage }) => {
    const first = await runOne(storage);
    await settleOne(storage, first, "available");
    const second = single(await claim(storage, first.lease.owner));
    expect(await settleOne(storage, first, "completed", { result: "1" })).toEqual({
      outcome: "lease-lost",
    });
    expect(await jobAt(storage, first.lease.id)).toMatchObject({ state: "running", run: 2 });
    expect(await settleOne(storage, second, "completed")).toEqual({ outcome: "settled" });
  });

  law("a settle of another worker changes nothing and says lease-lost", async ({ storage }) => {
    const job = await runOne(storage);
    const stranger = { ...job, lease: { ...job.lease, owner: await hire(storage) } };
    expect(await settleOne(storage, stranger, "discarded")).toEqual({ outcome: "lease-lost" });
    expect(await stateOf(storage, job.lease.id)).toBe("running");
  });

  law("a settle of a job that is gone says lease-lost", async ({ storage }) => {
    const job = await runOne(storage);
    const absent = { ...job, lease: { ...job.lease, id: "999999999" } };
    expect(await settleOne(storage, absent, "completed")).toEqual({ outcome: "lease-lost" });
  });

  law("a job is settled once: the second settle says lease-lost", async ({ storage }) => {
    const job = await runOne(storage);
    await settleOne(storage, job, "completed", { result: "1" });
    for (const to of ["completed", "discarded", "retryable", "available"] as const) {
      expect(await settleOne(storage, job, to, { result: "2" }), to).toEqual({
        outcome: "lease-lost",
      });
    }
    expect(await jobAt(storage, job.lease.id)).toMatchObject({ state: "completed", result: 1 });
  });

  law("a lost lease in a batch leaves the others alone, answers in order", async ({ storage }) => {
    await enqueue(storage, ...someJobs(4));
    const jobs = await claim(storage, await hire(storage));
    const targets = ["completed", "retryable", "discarded", "available"] as const;
    const batch = jobs.map((job, index) => settlement(job, targets[index] ?? "completed"));
    const lost = batch.map((one, index) =>
      index === 1 ? { ...one, lease: { ...one.lease, run: 7 } } : one,
    );
    const answers = await storage.settleJobs(lost, t0);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      "settled",
      "lease-lost",
      "settled",
      "settled",
    ]);
    const states = await Promise.all(jobs.map(({ lease }) => stateOf(storage, lease.id)));
    expect(states).toEqual(["completed", "running", "discarded", "available"]);
  });

  law("of two settlements of one lease in a batch the first is written", async ({ storage }) => {
    const job = await runOne(storage);
    const batch = [settlement(job, "retryable"), settlement(job, "completed")];
    const answers = await storage.settleJobs(batch, t0);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["settled", "lease-lost"]);
    expect(await stateOf(storage, job.lease.id)).toBe("retryable");
  });

  law("a batch of a thousand is settled as one by one", async ({ storage }) => {
    await enqueue(storage, ...someJobs(1_000));
    const jobs = await claim(storage, await hire(storage));
    const batch = jobs.map((job) => settlement(job, "completed", { result: job.payload }));
    const answers = await storage.settleJobs(batch.toReversed(), t0);
    expect(answers).toHaveLength(1_000);
    expect(answers.every(({ outcome }) => outcome === "settled")).toBe(true);
    expect(await storage.countJobs({})).toMatchObject({ running: 0, completed: 1_000 });
    const { id, result } = single(await storage.listJobs({}, 1));
    expect([id, result]).toEqual([jobs.at(-1)?.lease.id, 999]);
  });

  law("settling nothing is answered by nothing", async ({ storage }) => {
    expect(await storage.settleJobs([], t0)).toEqual([]);
  });

  law("a result left out keeps the stored one, a given one replaces it", async ({ storage }) => {
    for (const [given, kept] of [
      [{}, "stored"],
      [{ result: '"returned"' }, "returned"],
      [{ result: "null" }, null],
    ] as const) {
      const job = await runOne(storage);
      await storage.patchJob(job.lease, { result: '"stored"' });
      await settleOne(storage, job, "completed", given);
      expect((await jobAt(storage, job.lease.id)).result).toBe(kept);
    }
  });

  law("a result stored before a failure is kept with the job", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.patchJob(job.lease, { result: "[1]", checkpoint: "2", progress: "3" });
    await settleOne(storage, job, "discarded");
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      result: [1],
      checkpoint: 2,
      progress: 3,
    });
  });

  law("a result of 1 MiB is kept whole", async ({ storage }) => {
    const job = await runOne(storage);
    const text = "x".repeat(1_048_574);
    await settleOne(storage, job, "completed", { result: JSON.stringify(text) });
    expect((await jobAt(storage, job.lease.id)).result).toBe(text);
  });

  law("attempts come back as they were written, hostile text included", async ({ storage }) => {
    const job = await runOne(storage);
    const attempts = Array.from({ length: 32 }, (_, index) => ({ ...failedAttempt, run: index }));
    await settleOne(storage, job, "available", { attempts });
    expect((await jobAt(storage, job.lease.id)).attempts).toEqual(attempts);
    expect(single(await claim(storage, job.lease.owner)).attempts).toEqual(attempts);
  });

  law("a job that comes back keeps its key", async ({ storage }) => {
    for (const to of ["retryable", "scheduled", "available"] as const) {
      const unique = uniqueOn(to);
      const job = await runOne(storage, { unique, queue: to });
      await settleOne(storage, job, to);
      expect(single(await storage.insertJobs([aJob({ unique, queue: to })]))).toEqual({
        id: job.lease.id,
        outcome: "existing",
      });
    }
  });

  law("a settle in a transaction commits with it", async ({ storage, connect }) => {
    const job = await runOne(storage);
    const answers = await storage.transact((tx) =>
      storage.settleJobs([settlement(job, "completed", { result: "1" })], t0, tx),
    );
    expect(answers).toEqual([{ outcome: "settled" }]);
    expect(await jobAt(await connect(), job.lease.id)).toMatchObject({
      state: "completed",
      result: 1,
    });
  });

  law("a settle in a transaction is rolled back with it", async ({ storage }) => {
    const unique = uniqueOn("k");
    const job = await runOne(storage, { unique });
    const outcome = storage.transact(async (tx) => {
      await storage.settleJobs([settlement(job, "completed", { result: "1" })], t0, tx);
      throw new Error("no");
    });
    await expect(outcome).rejects.toThrow("no");
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "running",
      result: undefined,
    });
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("existing");
    expect(await settleOne(storage, job, "completed")).toEqual({ outcome: "settled" });
  });

  law(
    "a stale settle in a transaction says lease-lost and leaves it usable",
    async ({ storage }) => {
      const job = await runOne(storage);
      const stale = { ...job, lease: { ...job.lease, run: 9 } };
      await storage.transact(async (tx) => {
        const answers = await storage.settleJobs([settlement(stale, "completed")], t0, tx);
        expect(answers).toEqual([{ outcome: "lease-lost" }]);
        await storage.insertJobs([aJob({ name: "child" })], tx);
      });
      expect(await storage.listJobs({ name: "child" }, 10)).toHaveLength(1);
      expect(await stateOf(storage, job.lease.id)).toBe("running");
    },
  );

  law(
    "children enqueued in a settling transaction exist exactly if it commits",
    async ({ storage }) => {
      const job = await runOne(storage);
      const finish = (fails: boolean) =>
        storage.transact(async (tx) => {
          await storage.insertJobs(someJobs(3, { name: "child" }), tx);
          await storage.settleJobs([settlement(job, "completed")], t0, tx);
          if (fails) throw new Error("no");
        });
      await expect(finish(true)).rejects.toThrow("no");
      expect(await storage.listJobs({ name: "child" }, 10)).toEqual([]);
      await finish(false);
      expect(await storage.listJobs({ name: "child" }, 10)).toHaveLength(3);
      expect(await stateOf(storage, job.lease.id)).toBe("completed");
    },
  );

  law("a settled job no longer stands in the way of its worker's others", async ({ storage }) => {
    const job = await runOne(storage);
    await settleOne(storage, job, "completed");
    const next = await enqueueOne(storage);
    expect(single(await claim(storage, job.lease.owner)).lease.id).toBe(next);
    await storage.unregisterWorker(job.lease.owner);
    expect((await orphansOf(storage, 10)).map(({ lease }) => lease.id)).toEqual([next]);
  });
};
