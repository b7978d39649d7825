import { expect } from "vitest";
import { jobAt, stateOf } from "./bring.ts";
import { claim, enqueue, hire, runOne, settleOne, single, someJobs, stop, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** What a worker may do while it holds a job, and what a cancel request does to that. */
export const leaseLaws: Chapter = (law) => {
  for (const to of ["retryable", "scheduled", "available", "discarded"] as const) {
    law(`a cancel requested meanwhile wins over ${to}`, async ({ storage }) => {
      const job = await runOne(storage);
      expect(await storage.cancelJob(job.lease.id, stop)).toBe("cancelling");
      expect(await settleOne(storage, job, to)).toEqual({
        outcome: "cancel-requested",
        request: stop,
      });
      expect(await jobAt(storage, job.lease.id)).toMatchObject({
        state: "running",
        cancelRequested: stop,
      });
      expect(await settleOne(storage, job, "cancelled")).toEqual({ outcome: "settled" });
    });
  }

  law("a returned result wins over a cancel requested meanwhile", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.cancelJob(job.lease.id, stop);
    expect(await settleOne(storage, job, "completed", { result: "1" })).toEqual({
      outcome: "settled",
    });
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "completed",
      result: 1,
      cancelRequested: null,
    });
  });

  law("a cancel requested of one job leaves the others of the batch alone", async ({ storage }) => {
    await enqueue(storage, ...someJobs(3));
    const jobs = await claim(storage, await hire(storage));
    const [, second] = jobs;
    await storage.cancelJob(second?.lease.id ?? "", stop);
    const batch = jobs.map((job) => ({
      lease: job.lease,
      to: "retryable" as const,
      runAt: t0 + 1_000,
      attempt: 1,
      crashes: 0,
      backoffMs: 0,
      attempts: [],
      reason: null,
      unlessCancelRequested: true,
    }));
    const answers = await storage.settleJobs(batch, t0);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      "settled",
      "cancel-requested",
      "settled",
    ]);
  });

  law("a stale lease hears lease-lost, not of the cancel request", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.cancelJob(job.lease.id, stop);
    const stale = { ...job, lease: { ...job.lease, run: 9 } };
    expect(await settleOne(storage, stale, "retryable")).toEqual({ outcome: "lease-lost" });
  });

  law("a cancel request inside a settling transaction is seen", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.cancelJob(job.lease.id, stop);
    const answers = await storage.transact((tx) =>
      storage.settleJobs(
        [
          {
            lease: job.lease,
            to: "available",
            runAt: t0,
            attempt: 0,
            crashes: 0,
            backoffMs: 0,
            attempts: [],
            reason: null,
            unlessCancelRequested: true,
          },
        ],
        t0,
        tx,
      ),
    );
    expect(answers).toEqual([{ outcome: "cancel-requested", request: stop }]);
  });

  law("a patch stores what it names and leaves the rest", async ({ storage }) => {
    const { lease } = await runOne(storage);
    expect(await storage.patchJob(lease, { progress: "0.5" })).toBe(true);
    expect(await storage.patchJob(lease, { checkpoint: '{"a":"\\""}' })).toBe(true);
    expect(await storage.patchJob(lease, { result: "null" })).toBe(true);
    expect(await jobAt(storage, lease.id)).toMatchObject({
      progress: 0.5,
      checkpoint: { a: '"' },
      result: null,
      state: "running",
    });
    await storage.patchJob(lease, { progress: "1", checkpoint: "null" });
    expect(await jobAt(storage, lease.id)).toMatchObject({ progress: 1, checkpoint: null });
  });

  law("a patch with a stale run, another owner or no job changes nothing", async ({ storage }) => {
    const { lease } = await runOne(storage);
    const leases = [
      { ...lease, run: 2 },
      { ...lease, owner: await hire(storage) },
      { ...lease, id: "999999999" },
    ];
    for (const stale of leases) {
      expect(await storage.patchJob(stale, { progress: "1", result: "1" })).toBe(false);
    }
    expect(await jobAt(storage, lease.id)).toMatchObject({
      progress: undefined,
      result: undefined,
    });
  });

  law("a finished job takes no patch", async ({ storage }) => {
    const job = await runOne(storage);
    await settleOne(storage, job, "completed", { result: "1" });
    expect(await storage.patchJob(job.lease, { result: "2" })).toBe(false);
    expect((await jobAt(storage, job.lease.id)).result).toBe(1);
  });

  law("leases are checked: the lost and the cancelled are named", async ({ storage }) => {
    await enqueue(storage, ...someJobs(4));
    const jobs = await claim(storage, await hire(storage));
    const [settled, cancelled, held, other] = jobs;
    if (!settled || !cancelled || !held || !other) throw new Error("There should be four.");
    await settleOne(storage, settled, "completed");
    await storage.cancelJob(cancelled.lease.id, stop);
    const stale = { ...other.lease, run: 9 };
    const absent = { ...other.lease, id: "999999999" };
    const leases = [settled.lease, cancelled.lease, held.lease, stale, absent];
    const { lost, cancelled: requests } = await storage.checkLeases(leases);
    expect(new Set(lost)).toEqual(new Set([settled.lease, stale, absent]));
    expect(requests).toEqual([{ lease: cancelled.lease, request: stop }]);
  });

  law("checking no leases finds nothing, checking good ones too", async ({ storage }) => {
    const nothing = { lost: [], cancelled: [] };
    expect(await storage.checkLeases([])).toEqual(nothing);
    await enqueue(storage, ...someJobs(500));
    const jobs = await claim(storage, await hire(storage));
    expect(await storage.checkLeases(jobs.map(({ lease }) => lease))).toEqual(nothing);
  });

  law("a lease that passed to another claim is lost", async ({ storage }) => {
    const first = await runOne(storage);
    await settleOne(storage, first, "available");
    const second = single(await claim(storage, first.lease.owner));
    expect(await storage.checkLeases([first.lease, second.lease])).toEqual({
      lost: [first.lease],
      cancelled: [],
    });
    expect(await stateOf(storage, first.lease.id)).toBe("running");
  });

  law("a cancel request ends with the claim it was made of", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.cancelJob(job.lease.id, stop);
    await settleOne(storage, job, "cancelled");
    expect(await storage.retryJob(job.lease.id, t0)).toBe("retried");
    const again = single(await claim(storage, job.lease.owner));
    expect(await storage.checkLeases([again.lease])).toEqual({ lost: [], cancelled: [] });
    expect((await jobAt(storage, job.lease.id)).cancelRequested).toBeNull();
  });
};
