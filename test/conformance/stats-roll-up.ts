import { expect } from "vitest";
import { besideMs } from "../../src/core/stat-hours.ts";
import { entriesOf, pointsOf } from "../../src/core/stats.ts";
import {
  always,
  completed,
  counted,
  ending,
  failed,
  hourMs,
  kept,
  minuteMs,
  rollUp,
  takeSome,
} from "./counted.ts";
import { aJob, claim, dayMs, enqueue, hire, runOne, single, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** How what was counted is added up, kept and read. */
export const rollUpLaws: Chapter = (law) => {
  law(
    "adding up changes no sum, in however many passes, and again it finds nothing",
    async ({ storage }) => {
      for (const queue of ["a", "b"])
        await enqueue(storage, ...someJobs(3, { queue, createdAt: t0 - 90_000 }));
      const jobs = await takeSome(storage, 30);
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
        expect(entriesOf(await storage.sumStats({ ...always, apart: true }))).toEqual(before);
        const step = 5 * minuteMs;
        const range = { from: t0 - (t0 % step) - step, to: t0 - (t0 % step) + 10 * step };
        const points = pointsOf(await storage.readStats(range), range, step);
        expect(pointsOf(await storage.sumStats({ ...range, step }), range, step)).toEqual(points);
        expect(points.filter(({ started }) => started > 0).length).toBeGreaterThan(1);
      }
      const rows = await storage.readStats(always);
      expect(new Set(rows.map(({ at, queue, name }) => `${at} ${queue} ${name}`)).size).toBe(
        rows.length,
      );
      expect(await rollUp(storage)).toBe(0);
    },
  );

  law("what comes late is added to what is there", async ({ storage }) => {
    const [one, two] = await takeSome(storage, 2);
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
        rows
          .map(({ at, spanMs, tally }) => [at - hour, spanMs, tally.counts.enqueued])
          .sort(([one = 0], [other = 0]) => one - other),
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

  law("whole hours are read from rows of their own beside their minutes", async (place) => {
    const { storage } = place;
    const first = t0 - (t0 % hourMs);
    const application = await place.application();
    const beside = async () => {
      const sql = `SELECT at, enqueued FROM ${place.table("stat")} WHERE span_ms = ${besideMs} ORDER BY at`;
      const rows = await application.query(sql);
      return rows.map(({ at, enqueued }) => [(Number(at) - first) / hourMs, Number(enqueued)]);
    };
    const agree = async (from: number, to: number) => {
      const range = { from, to };
      const rows = await storage.readStats(range);
      const sums = await storage.sumStats({ ...range, apart: true });
      expect(entriesOf(sums)).toEqual(entriesOf(rows));
      const steps = { from: from - (from % hourMs), to: to - (to % hourMs) + hourMs };
      const points = await storage.sumStats({ ...steps, step: hourMs });
      expect(pointsOf(points, steps, hourMs)).toEqual(
        pointsOf(await storage.readStats(steps), steps, hourMs),
      );
    };
    const agreeAll = async () => {
      const later = first + 5 * hourMs;
      for (const from of [first - 1, first, first + 1, first + 90 * minuteMs, later]) {
        for (const to of [first + minuteMs, first + 2 * hourMs, later]) {
          if (from < to) await agree(from, to);
        }
      }
    };
    const minutes = [0, 1, 59, 60, 61, 180, 181];
    for (const minute of minutes) {
      const createdAt = first + minute * minuteMs;
      await enqueue(storage, aJob({ createdAt }), aJob({ createdAt, name: "b" }));
    }
    await rollUp(storage, first + 4 * hourMs);
    expect(await beside(), "one hour in each pass").toEqual([
      [0, 3],
      [0, 3],
    ]);
    for (const minute of [2, 62, 121]) {
      await enqueue(storage, aJob({ createdAt: first + minute * minuteMs }));
      await rollUp(storage, first + 4 * hourMs);
      await agreeAll();
    }
    const sums = new Map<number | undefined, number>();
    for (const [hour, jobs = 0] of await beside()) sums.set(hour, (sums.get(hour) ?? 0) + jobs);
    expect([...sums]).toEqual([
      [0, 7],
      [1, 5],
      [2, 1],
    ]);
    await enqueue(storage, aJob({ createdAt: first + 3 * minuteMs }));
    await agreeAll();
    await rollUp(storage, first + 2 * dayMs + 2 * hourMs, 3);
    await agreeAll();
    expect((await beside()).every(([hour = 0]) => hour >= 2)).toBe(true);
  });

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
    expect(await counted(storage)).toEqual({
      enqueued: 1,
      started: 1,
      completed: 1,
      waiting: 1,
      running: 1,
    });
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
