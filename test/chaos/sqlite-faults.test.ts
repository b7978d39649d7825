import { setTimeout as sleep } from "node:timers/promises";
import { createWorker } from "holdfast";
import { expect, test } from "vitest";
import { reportsOf, startCrew } from "./support/crew.ts";
import { handlers } from "./support/handlers.mjs";
import { leaveMark, work } from "./support/jobs.mjs";
import { lockFile } from "./support/locked-file.ts";
import { pickUpTimes } from "./support/pick-up.ts";
import { countMarks, openPlace } from "./support/place.ts";
import { watchStandstill } from "./support/standstill.ts";
import { until } from "./support/until.ts";

const lockedMs = 3_000;
const enqueueEveryMs = 50;
/** Waiting inside SQLite would stop the event loop for as long as the lock is held. */
const freeMs = 500;

test("while another program locks the file for 3 s, enqueues and jobs wait, the event loop stays free, and all complete", async ({
  onTestFinished,
}) => {
  const place = await openPlace("sqlite", onTestFinished);
  const { client } = place;
  const worker = createWorker(client, { handlers: handlers(() => {}) });
  onTestFinished(() => worker.stop());
  await worker.start();
  const before = await client.enqueueMany(
    work,
    Array.from({ length: 10 }, (_, n) => ({ workMs: n * 200 })),
  );

  const unlock = await lockFile(place);
  const longestStandstill = watchStandstill();
  let acknowledged = 0;
  const enqueueMark = async () => {
    const receipt = await client.enqueue(leaveMark, { workMs: 5 });
    acknowledged += 1;
    return receipt;
  };
  const during: ReturnType<typeof enqueueMark>[] = [];
  for (const end = performance.now() + lockedMs; performance.now() < end; ) {
    during.push(enqueueMark());
    await sleep(enqueueEveryMs);
  }
  expect(acknowledged).toBe(0);
  const stoodMs = longestStandstill();
  await unlock();

  const receipts = [...before, ...(await Promise.all(during))];
  const ends = receipts.map(({ id }) => client.handle(id).finished({ timeout: "20s" }));
  expect((await Promise.all(ends)).filter(({ state }) => state !== "completed")).toEqual([]);
  expect(await countMarks(place)).toEqual({ rows: during.length, jobs: during.length });
  const { jobs } = await client.jobs.list({ limit: 1_000 });
  expect(jobs.filter(({ run }) => run !== 1)).toEqual([]);
  expect(stoodMs).toBeLessThan(freeMs);
  console.log(
    `sqlite: locked by another program for ${lockedMs / 1_000} s: ${receipts.length} jobs completed, ` +
      `the event loop stood still for ${stoodMs} ms at most`,
  );
});

test("two processes enqueue and work on one file, and every job runs exactly once", async ({
  onTestFinished,
}) => {
  const each = 500;
  const place = await openPlace("sqlite", onTestFinished);
  const crew = await startCrew(place, { size: 2, options: {} });
  const started = performance.now();
  for (const worker of crew.alive()) {
    const payloads = Array.from({ length: each }, (_, n) => ({ workMs: n % 5 }));
    worker.order({ order: "enqueue", name: leaveMark.name, payloads });
  }
  await until("both have enqueued", 20_000, () => reportsOf(crew, "enqueued").length === 2);
  const ids = reportsOf(crew, "enqueued").flatMap((report) => report.ids);
  expect(new Set(ids).size).toBe(2 * each);
  await until("all jobs have completed", 20_000, async () => {
    return (await place.client.jobs.count()).completed === 2 * each;
  });
  const tookMs = performance.now() - started;
  expect(await countMarks(place)).toEqual({ rows: 2 * each, jobs: 2 * each });
  const began = reportsOf(crew, "began");
  expect(began).toHaveLength(2 * each);
  const shares = crew.alive().map(({ pid }) => began.filter((report) => report.pid === pid).length);
  expect(Math.min(...shares)).toBeGreaterThan(0);
  await crew.stop();
  console.log(
    `sqlite: two processes enqueued and ran ${shares.join(" + ")} jobs on one file in ${Math.round(tookMs)} ms`,
  );
});

test("a wakeup reaches a worker in another process, which by itself would look once in 30 s", async ({
  onTestFinished,
}) => {
  const place = await openPlace("sqlite", onTestFinished);
  const crew = await startCrew(place, { size: 1, options: { poll: "30s" } });
  const times = await pickUpTimes(place, crew);
  await crew.stop();
  console.log(
    `sqlite: picked up in another process after ${times.map((ms) => `${Math.round(ms)} ms`).join(", ")}`,
  );
});
