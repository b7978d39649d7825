import { createWorker, defineJob, type Ending } from "holdfast";
import { createFastClock, createManualClock, drain } from "holdfast/testing";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const job = defineJob<{ nth: number }>({ name: "job" });

describeWorkers((openBench) => {
  test("client.clock and job.clock are the one clock the client was given", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const { client } = bench;
    expect(client.clock).toBe(clock);
    const { id } = await client.enqueue(job, { nth: 1 });
    const handler = job.handler((_, context) => {
      expect(context.clock).toBe(clock);
    });
    await drain(client, { handlers: [handler] });
    await expect(bench.job(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("without one given, client.clock is the database's time", async () => {
    const { client, storage } = await openBench();
    const before = await storage.serverTime();
    const now = client.clock.now();
    const after = await storage.serverTime();
    expect(now).toBeGreaterThanOrEqual(before - 100);
    expect(now).toBeLessThanOrEqual(after + 100);
  });

  test("a fast clock passes delays, backoffs, timeouts and throttles of hours in moments", async () => {
    const clock = createFastClock(36_000);
    const bench = await openBench({ clock });
    const slow = defineJob({
      name: "slow",
      timeout: "1h",
      retry: { backoff: "fixed", delay: "2h", attempts: 5 },
    });
    const at: [number, number][] = [];
    const handler = slow.handler(async (_, { attempt, throttle, signal }) => {
      at.push([attempt, clock.now()]);
      if (at.length === 1) throw new Error("fails");
      if (at.length === 2) {
        return new Promise<Ending>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("obeys")));
        });
      }
      return at.length === 3 ? throttle("3h") : undefined;
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(slow, {}, { delay: "5h" });
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(at.map(([attempt]) => attempt)).toEqual([1, 2, 3, 3]);
    const gaps = at.map(([, time], index) => time - (at[index - 1]?.[1] ?? start));
    const least = [5 * hour, 2 * hour, 3 * hour, 3 * hour];
    gaps.forEach((gap, index) => expect(gap).toBeGreaterThanOrEqual(least[index] ?? 0));
    const { attempts } = await bench.job(id);
    expect(attempts.map(({ how }) => how)).toEqual([
      "failed",
      "timed-out",
      "throttled",
      "completed",
    ]);
  });

  test("a frozen clock loses no lease, however long the handler takes in real time", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
    });
    const worker = await bench.work([handler], { lease: "500ms", heartbeat: "50ms" });
    const { id } = await bench.client.enqueue(job, { nth: 1 });
    await began.opened;
    const beats = new Set<string | undefined>();
    await eventually("more beats than a lease has", async () => {
      beats.add((await bench.client.workers.list())[0]?.beat);
      return beats.size > 12;
    });
    await clock.advance("59m");
    await expect(bench.job(id)).resolves.toMatchObject({ state: "running", worker: worker.id });
    goOn.open();
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("drain within a time works what falls due in it, leaves the rest and ends there", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const ran: [number, number][] = [];
    const handler = job.handler(({ nth }) => void ran.push([nth, (clock.now() - start) / hour]));
    await bench.client.enqueue(job, { nth: 3 }, { delay: "24h" });
    await bench.client.enqueue(job, { nth: 4 }, { delay: day + 1 });
    await bench.client.enqueue(job, { nth: 2 }, { delay: "5h" });
    await bench.client.enqueue(job, { nth: 1 });
    await drain(bench.client, { handlers: [handler], within: "24h" });
    expect(ran).toEqual([
      [1, 0],
      [2, 5],
      [3, 24],
    ]);
    expect(clock.now()).toBe(start + day);
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 3, scheduled: 1 });
    await drain(bench.client, { handlers: [handler], within: "24h" });
    expect(ran).toHaveLength(4);
    expect(clock.now()).toBe(start + 2 * day);
  });

  test("drain within a time ends also while a job goes on rescheduling itself", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    let runs = 0;
    const endless = job.handler((_, context) => {
      runs += 1;
      return context.rescheduleIn("1h");
    });
    await bench.client.enqueue(job, { nth: 1 });
    await drain(bench.client, { handlers: [endless], within: "12h" });
    expect(runs).toBe(13);
    await expect(drain(bench.client, { handlers: [endless], within: "-1h" })).rejects.toEqual(
      coded("INVALID_OPTION", "drain: within"),
    );
  });

  test("two clients of one clock share its time", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const other = await openBench({ on: bench, clock });
    const { id } = await bench.client.enqueue(job, { nth: 1 }, { delay: "1h" });
    const handlers = [job.handler(() => {})];
    await using worker = createWorker(other.client, { handlers, poll: "20ms" });
    await worker.start();
    await clock.advance("1h");
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    await expect(bench.job(id)).resolves.toMatchObject({ finishedAt: start + hour });
  });
});
