import { expect } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { sumOf } from "../../src/core/stats.ts";
import { bring } from "./bring.ts";
import {
  always,
  completed,
  counted,
  ending,
  error,
  failed,
  minuteMs,
  takeSome,
  told,
} from "./counted.ts";
import { start, workOff } from "./operate.ts";
import { aJob, dayMs, enqueue, runOne, single, someJobs, stop, t0, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const finished = { started: 1, completed: 1, waiting: 1, running: 1 };

/** What is counted, and what is not. */
export const statsLaws: Chapter = (law) => {
  law(
    "jobs are counted when they are stored, wherever they go, and however many",
    async ({ storage }) => {
      await enqueue(storage, aJob());
      await enqueue(storage, ...someJobs(3));
      await enqueue(storage, ...someJobs(2, { runAt: t0 + 9 }), ...someJobs(1, { queue: "other" }));
      await enqueue(storage, ...someJobs(2, { gates: [{ gate: "lane:a", weight: 1 }] }));
      await enqueue(storage, ...someJobs(300));
      expect(await counted(storage)).toEqual({ enqueued: 309 });
      expect(await counted(storage, { queue: "other" })).toEqual({ enqueued: 1 });
    },
  );

  law("5,001 jobs of one call are counted once each", async ({ storage }) => {
    await storage.insertJobs(someJobs(5_001));
    expect(await counted(storage)).toEqual({ enqueued: 5_001 });
  });

  law("an enqueue that found its job there counts nothing", async ({ storage }) => {
    const unique = uniqueOn("k");
    await enqueue(storage, aJob({ unique }), aJob({ unique }), aJob({ unique: uniqueOn("m") }));
    await enqueue(storage, aJob({ unique }));
    const replacing = uniqueOn("r", { while: "waiting", onConflict: "replace" });
    for (let call = 0; call < 2; call++) await enqueue(storage, aJob({ unique: replacing }));
    const idempotency = { key: "i", keptMs: dayMs };
    for (let call = 0; call < 2; call++) await enqueue(storage, aJob({ idempotency }));
    expect(await counted(storage)).toEqual({ enqueued: 4 });
  });

  law("jobs cancelled in bulk are counted, those that run when they end", async (place) => {
    const { storage } = place;
    await takeSome(storage, 1);
    for (const state of ["scheduled", "available", "blocked"] as const) await bring(place, state);
    await start(storage, { action: "cancel", filter: {} });
    await workOff(storage);
    expect(await counted(storage)).toEqual({ enqueued: 4, cancelled: 3 });
  });

  law("a producer's jobs are counted, and those it met are not", async (place) => {
    const producer = await place.producer();
    const options = ['{"delay":"1h"}', '{"lane":"a"}', '{"unique":{"key":"k"}}'];
    for (const each of ["{}", ...options, '{"unique":{"key":"k"}}']) {
      await producer.enqueue("work", "1", each);
    }
    expect(await counted(place.storage)).toEqual({ enqueued: 4 });
  });

  law("what is rolled back was never counted", async ({ storage }) => {
    const job = await runOne(storage);
    const undone = storage.transact(async (tx) => {
      await storage.insertJobs(someJobs(3), tx);
      await storage.settleJobs([ending(job)], t0, tx);
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    expect(await counted(storage)).toEqual({ enqueued: 1 });
    await storage.transact(async (tx) => {
      await storage.insertJobs(someJobs(3), tx);
      await storage.settleJobs([ending(job)], t0, tx);
    });
    expect(await counted(storage)).toEqual({ enqueued: 4, ...finished });
  });

  law(
    "an application's own transaction counts with its commit",
    async ({ storage, application }) => {
      const { tx, query } = await application();
      await query("BEGIN");
      await storage.insertJobs(someJobs(2), tx);
      await query("ROLLBACK");
      await query("BEGIN");
      await storage.insertJobs(someJobs(4), tx);
      await query("COMMIT");
      expect(await counted(storage)).toEqual({ enqueued: 4 });
    },
  );

  law(
    "a batch of successes is counted by minute, with how long each waited and ran",
    async ({ storage }) => {
      const jobs = await takeSome(storage, 40);
      await storage.settleJobs(
        jobs.map((job, index) => ending(job, completed, t0 + index)),
        t0,
      );
      const sum = sumOf(await storage.readStats(always));
      expect(sum).toMatchObject({ enqueued: 40, started: 40, completed: 40 });
      expect(sum.waiting).toEqual({ count: 40, p50: 19, p95: told(37), p99: told(39) });
      expect(sum.running).toMatchObject({ count: 40, p50: told(50) });
    },
  );

  law("a turn counts what it finishes as settling does", async ({ storage }) => {
    const jobs = await takeSome(storage, 5);
    const owner = single([...new Set(jobs.map(({ lease }) => lease.owner))]);
    const queues = [{ queue: "default", limit: 5 }];
    const request = { owner, queues, limit: 5, handlers: { work: 1 }, floors: {}, now: t0 };
    const outcomes = [completed, completed, failed, completed, completed] as const;
    const settlements = jobs.map((job, index) => ending(job, outcomes[index]));
    await storage.settleAndClaim(settlements, request);
    const before = {
      enqueued: 5,
      started: 5,
      completed: 4,
      failed: 1,
      retried: 1,
      waiting: 5,
      running: 5,
    };
    expect(await counted(storage)).toEqual(before);
    await storage.settleAndClaim(settlements, request);
    expect(await counted(storage)).toEqual(before);
  });

  for (const [how, step] of [
    ["near each other", 1],
    ["far apart", 7],
  ] as const) {
    law(
      `of successes with ids ${how}, those whose lease was lost are not counted`,
      async ({ storage }) => {
        const all = await takeSome(storage, 42);
        const jobs = all.filter((_, index) => index % step === 0).slice(0, 6);
        const settlements = jobs.map((job) => ending(job));
        const [taken, alsoTaken] = settlements;
        await storage.settleJobs(
          [taken, alsoTaken].flatMap((each) => each ?? []),
          t0,
        );
        const answers = await storage.settleJobs(settlements, t0);
        expect(answers.filter(({ outcome }) => outcome === "settled")).toHaveLength(4);
        expect(await counted(storage)).toEqual({
          enqueued: 42,
          started: 6,
          completed: 6,
          waiting: 6,
          running: 6,
        });
        const sum = sumOf(await storage.readStats(always));
        expect(sum.waiting).toEqual({ count: 6, p50: told(100), p95: told(100), p99: told(100) });
        expect(sum.running).toMatchObject({ p50: told(50), p99: told(50) });
      },
    );
  }

  law("of other endings, those refused are not counted", async ({ storage }) => {
    const [one, two, three, four] = await takeSome(storage, 4);
    if (!one || !two || !three || !four) throw new Error("no jobs");
    await storage.cancelJob(one.lease.id, stop);
    const lost = { ...two, lease: { ...two.lease, run: 9 } };
    const released = { kind: "released" } as const;
    await storage.settleJobs(
      [ending(one, failed), ending(lost, failed), ending(three, failed)],
      t0,
    );
    await storage.settleJobs(
      [ending(one, released), ending(lost, released), ending(four, released)],
      t0,
    );
    expect(await counted(storage)).toEqual({
      enqueued: 4,
      started: 2,
      failed: 1,
      retried: 1,
      snoozed: 1,
      waiting: 2,
      running: 2,
    });
  });

  law("each way to end is counted as what it is", async ({ storage }) => {
    const runAt = t0 + 1e6;
    const outcomes: readonly Outcome[] = [
      completed,
      failed,
      { kind: "failed", error, delayMs: 0 },
      { kind: "discarded", error },
      { kind: "cancelled", why: "so", by: null },
      { kind: "snoozed", runAt },
      { kind: "rescheduled", runAt },
      { kind: "released" },
      { kind: "crashed", error, maxCrashes: 3 },
    ];
    const jobs = await takeSome(storage, outcomes.length);
    const settlements = jobs.map((job, index) => ending(job, outcomes[index]));
    const rescued = settlements.map((each, index) =>
      index === 8 ? { ...each, rescued: true as const } : each,
    );
    await storage.settleJobs(rescued, t0);
    expect(await counted(storage)).toEqual({
      enqueued: 9,
      started: 9,
      completed: 1,
      failed: 4,
      retried: 3,
      discarded: 1,
      cancelled: 1,
      snoozed: 2,
      rescheduled: 1,
      rescued: 1,
      waiting: 9,
      running: 9,
    });
  });

  law("a job cancelled while it waits is counted once", async (place) => {
    const { storage } = place;
    for (const state of ["available", "scheduled", "blocked"] as const) {
      const id = await bring(place, state);
      await storage.cancelJob(id, stop);
      await storage.cancelJob(id, stop);
    }
    expect(await counted(storage)).toEqual({ enqueued: 3, cancelled: 3 });
    const [row] = await storage.readStats({ from: t0 - (t0 % minuteMs), to: t0 + 1 });
    expect(row?.at).toBe(t0 - (t0 % minuteMs));
  });
};
