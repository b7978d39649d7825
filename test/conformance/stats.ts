import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { bucketOf, durationOf } from "../../src/core/histogram.ts";
import { settle } from "../../src/core/lifecycle.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import { entriesOf, sumOf } from "../../src/core/stats.ts";
import { storeError } from "../../src/core/stored-error.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import {
  claim,
  dayMs,
  enqueue,
  hire,
  runOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
  aJob,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { bring } from "./bring.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const kept = { minutesMs: 2 * dayMs, allMs: 30 * dayMs };
const always = { from: 0, to: 4 * t0 };
const error = storeError(new Error("no"));
const completed = { kind: "completed" } as const;
const failed = { kind: "failed", error } as const;

/** What an attempt that began 100 ms after it was due and took 50 ms comes to. */
function ending(job: ClaimedJob, outcome: Outcome = completed, began = t0 + 100): Settlement {
  return settle(job, outcome, { now: began + 50, random: 0, began });
}

/** What was counted in all, without what is zero. */
async function counted(storage: Storage, filter: object = {}): Promise<Record<string, number>> {
  const { waiting, running, ...counts } = sumOf(await storage.readStats({ ...always, ...filter }));
  const all = { ...counts, waiting: waiting?.count ?? 0, running: running?.count ?? 0 };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

/** How a duration is told. */
const told = (ms: number) => durationOf(bucketOf(ms));

async function running(storage: Storage, count: number, given = {}) {
  await enqueue(storage, ...someJobs(count, given));
  return claim(storage, await hire(storage));
}

/** Adds up until nothing is left to. */
async function rollUp(storage: Storage, now = t0, limit = 1_000): Promise<number> {
  for (let rows = 0; ; ) {
    const answer = await storage.rollUpStats(limit, now, kept);
    rows += answer.rows;
    if (!answer.more) return rows;
  }
}

const finished = { started: 1, completed: 1, waiting: 1, running: 1 };

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
      const jobs = await running(storage, 40);
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
    const jobs = await running(storage, 5);
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
        const all = await running(storage, 42);
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
    const [one, two, three, four] = await running(storage, 4);
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
    const jobs = await running(storage, outcomes.length);
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

  law(
    "adding up changes no sum, in however many passes, and again it finds nothing",
    async ({ storage }) => {
      for (const queue of ["a", "b"])
        await enqueue(storage, ...someJobs(3, { queue, createdAt: t0 - 90_000 }));
      const jobs = await running(storage, 30);
      for (const [index, job] of jobs.entries()) {
        await storage.settleJobs(
          [ending(job, index % 3 === 0 ? failed : completed, t0 + index * 7_000)],
          t0,
        );
      }
      const before = entriesOf(await storage.readStats(always));
      for (const limit of [7, 4, 1_000]) {
        await rollUp(storage, t0, limit);
        expect(entriesOf(await storage.readStats(always))).toEqual(before);
      }
      const rows = await storage.readStats(always);
      expect(new Set(rows.map(({ at, queue, name }) => `${at} ${queue} ${name}`)).size).toBe(
        rows.length,
      );
      expect(await rollUp(storage)).toBe(0);
    },
  );

  law("what comes late is added to what is there", async ({ storage }) => {
    const [one, two] = await running(storage, 2);
    if (!one || !two) throw new Error("no jobs");
    for (const job of [one, two]) {
      await storage.settleJobs([ending(job)], t0);
      await rollUp(storage, t0 + hourMs);
    }
    expect(await storage.readStats(always)).toHaveLength(1);
    expect(await counted(storage)).toEqual({
      enqueued: 2,
      started: 2,
      completed: 2,
      waiting: 2,
      running: 2,
    });
  });

  law(
    "minutes become hours after two days, and hours are gone after thirty",
    async ({ storage }) => {
      const hour = t0 - (t0 % hourMs);
      for (const minute of [0, 1, 59, 60]) {
        await enqueue(storage, aJob({ createdAt: hour + minute * minuteMs }));
      }
      await rollUp(storage, hour);
      expect((await storage.readStats(always)).map(({ spanMs }) => spanMs)).toEqual(
        Array(4).fill(minuteMs),
      );
      await rollUp(storage, hour + 2 * dayMs + hourMs + 1, 2);
      const rows = await storage.readStats(always);
      expect(
        rows.map(({ at, spanMs, tally }) => [at - hour, spanMs, tally.counts.enqueued]).sort(),
      ).toEqual([
        [0, hourMs, 3],
        [hourMs, minuteMs, 1],
      ]);
      await rollUp(storage, hour + 30 * dayMs + 1);
      expect(await counted(storage)).toEqual({ enqueued: 1 });
      await rollUp(storage, hour + 40 * dayMs);
      expect(await storage.readStats(always)).toEqual([]);
    },
  );

  law("a line that comes after its minutes have become hours joins them", async ({ storage }) => {
    await enqueue(storage, aJob({ createdAt: t0 }));
    await rollUp(storage, t0 + 3 * dayMs);
    await enqueue(storage, aJob({ createdAt: t0 + 1 }));
    await rollUp(storage, t0 + 3 * dayMs);
    const row = single(await storage.readStats(always));
    expect([row.spanMs, row.tally.counts.enqueued]).toEqual([hourMs, 2]);
  });

  law(
    "many who add up at once, while jobs come and go, count each once",
    async ({ storage, connect }) => {
      const storages = [storage, await connect(), await connect()];
      const owners = await Promise.all(storages.map((each) => hire(each)));
      await Promise.all(
        storages.flatMap((each, index) => [
          (async () => {
            for (let round = 0; round < 8; round++) {
              await enqueue(each, ...someJobs(3));
              const jobs = await claim(each, owners[index] ?? "", { limit: 3 });
              await each.settleJobs(
                jobs.map((job) => ending(job)),
                t0,
              );
            }
          })(),
          (async () => {
            for (let round = 0; round < 8; round++) await each.rollUpStats(5, t0, kept);
          })(),
        ]),
      );
      const { completed: done } = await storage.countJobs({});
      await rollUp(storage);
      expect(await counted(storage)).toEqual({
        enqueued: 72,
        started: done,
        completed: done,
        waiting: done,
        running: done,
      });
      expect(done).toBeGreaterThan(40);
    },
  );

  law("what was counted outlives its jobs", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.settleJobs([ending(job)], t0);
    await storage.pruneJobs(100, t0 + 9 * dayMs);
    expect(await storage.getJob(job.lease.id)).toBeUndefined();
    expect(await counted(storage)).toEqual({ enqueued: 1, ...finished });
  });

  law(
    "a range, a queue and a name choose what is read, before and after adding up",
    async ({ storage }) => {
      const names = [`it's "q" \\ {,}`, "NULL", "b"];
      for (const [index, name] of names.entries()) {
        await enqueue(storage, aJob({ name, queue: `${name}!`, createdAt: t0 + index * minuteMs }));
      }
      for (const pass of ["before", "after"]) {
        for (const [index, name] of names.entries()) {
          const at = t0 - (t0 % minuteMs) + index * minuteMs;
          for (const filter of [{ name }, { queue: `${name}!` }, { from: at, to: at + 1 }]) {
            const rows = await storage.readStats({ ...always, ...filter });
            expect(
              rows.map((row) => [row.at, row.queue, row.name]),
              pass,
            ).toEqual([[at, `${name}!`, name]]);
          }
        }
        expect(await storage.readStats({ ...always, queue: "b", name: "b!" })).toEqual([]);
        await rollUp(storage);
      }
    },
  );
};
