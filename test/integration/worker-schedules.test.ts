import { defineJob, type Job, type Tick } from "holdfast";
import { createManualClock, drain, runJob, runUntilIdle } from "holdfast/testing";
import { describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { overridden } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2027, 2, 13, 20);

const sweep = defineJob<string>({ name: "sweep" });
const minutely = { name: "minutely", cron: "* * * * *", job: sweep, payload: "all" } as const;

/** A handler that notes the ticks it was run for. */
function noting() {
  const ticks: (Tick | undefined)[] = [];
  const handler = sweep.handler((_payload, job) => {
    ticks.push(job.tick);
  });
  return { ticks, handler };
}

const at = (minutes: number, latenessMs = 0): Tick => ({
  schedule: "minutely",
  at: start + minutes * minute,
  latenessMs,
});

describeWorkers((openBench) => {
  test("a worker fires each tick at its time, and the handler is told which it is and how late", async () => {
    const clock = createManualClock(start);
    const { client, work, finished } = await openBench({ clock });
    const { ticks, handler } = noting();
    await client.schedules.upsert(minutely);
    await work([handler]);
    await clock.advance("1m");
    await eventually("the tick has run", () => ticks.length === 1);
    expect(ticks).toEqual([at(1)]);
    const other = await client.enqueue(sweep, "by hand");
    await finished(other.id);
    expect(ticks[1]).toBeUndefined();
    expect(await client.schedules.get("minutely")).toMatchObject({
      lastAt: start + minute,
      lastOutcome: "enqueued",
      nextAt: start + 2 * minute,
    });
  });

  test("a worker that runs hears at once of a schedule that is made, changed or resumed", async () => {
    const clock = createManualClock(start);
    const { client, work } = await openBench({ clock });
    const { ticks, handler } = noting();
    await work([handler], { poll: "30s" });
    await client.schedules.upsert(minutely);
    await clock.advance("1m");
    await eventually("the first tick has run", () => ticks.length === 1);
    await client.schedules.pause("minutely");
    await clock.advance("10m");
    await client.schedules.resume("minutely");
    await clock.advance("1m");
    await eventually("the tick after the pause has run", () => ticks.length === 2);
    expect(ticks).toEqual([at(1), at(12)]);
  });

  test("a worker of another process hears of a schedule with its next look for due jobs", async () => {
    const clock = createManualClock(start);
    const first = await openBench({ clock });
    const other = await openBench({ clock, on: first });
    const { ticks, handler } = noting();
    await other.work([handler]);
    await first.client.schedules.upsert(minutely);
    await clock.advance("1m");
    await eventually("the tick has run", () => ticks.length === 1);
    expect(ticks).toEqual([at(1)]);
  });

  test("incident 27: a tick that passed while no worker ran is made up for, once", async () => {
    const clock = createManualClock(start);
    const { client, work } = await openBench({ clock });
    await client.schedules.upsert({ ...minutely, cron: "0 * * * *" });
    await clock.advance("3.5h");
    const { ticks, handler } = noting();
    await work([handler]);
    await eventually("the newest tick has run", () => ticks.length === 1);
    expect(ticks).toEqual([at(180, 30 * minute)]);
    expect(await client.schedules.get("minutely")).toMatchObject({
      nextAt: start + 4 * hour,
      lastOutcome: "enqueued",
    });
  });

  test("incident 25: a schedule ticks though its pause is longer than any worker lives", async () => {
    const clock = createManualClock(start);
    const { client, work } = await openBench({ clock });
    const { ticks, handler } = noting();
    await client.schedules.upsert({ ...minutely, cron: "0 20 * * *" });
    for (let deploy = 0; deploy < 4; deploy += 1) {
      const worker = await work([handler]);
      await worker.stop();
      await clock.advance("8h");
    }
    await work([handler]);
    await eventually("the tick has run", () => ticks.length === 1);
    expect(ticks).toMatchObject([{ at: start + 24 * hour }]);
  });

  test("where jobs may not overlap, a tick passes while the last job runs", async () => {
    const clock = createManualClock(start);
    const { client, work } = await openBench({ clock });
    let end = (): void => {};
    const running = new Promise<void>((resolve) => (end = resolve));
    await client.schedules.upsert({ ...minutely, overlap: "skip" });
    await work([sweep.handler(() => running)]);
    await clock.advance("1m");
    const outcome = (expected: string) =>
      eventually(`a tick was ${expected}`, async () => {
        const schedule = await client.schedules.get("minutely");
        return schedule?.lastOutcome === expected && schedule;
      });
    const first = await outcome("enqueued");
    await clock.advance("1m");
    expect(await outcome("overlap")).toMatchObject({
      lastJob: first.lastJob,
      lastAt: start + 2 * minute,
    });
    end();
    await client.handle(first.lastJob ?? "").finished({ timeout: "10s" });
    await clock.advance("1m");
    expect((await outcome("enqueued")).lastJob).not.toBe(first.lastJob);
  });

  test("a tick whose job is refused is told of and tried again until it is stored", async () => {
    const clock = createManualClock(start);
    const { client, work, log } = await openBench({ clock });
    const unique = defineJob<string>({
      name: "sweep",
      unique: { key: "one", onConflict: "error" },
    });
    const holder = await client.enqueue("sweep", "before", {
      unique: { key: "one" },
      queue: "elsewhere",
    });
    await client.schedules.upsert({ ...minutely, job: unique });
    await work([unique.handler(() => {})]);
    await clock.advance("1m");
    const failing = await eventually("it fails", async () => {
      const schedule = await client.schedules.get("minutely");
      return schedule?.state === "failing" && schedule;
    });
    expect(failing.failure).toMatchObject({
      code: "UNIQUE_CONFLICT",
      tries: 1,
      at: start + minute,
    });
    expect(log.said("a tick could not be fired; trying again")).toMatchObject([
      { level: "error", fields: { schedule: "minutely" } },
    ]);
    await client.jobs.cancel(holder.id);
    await clock.advance("1s");
    await eventually("it is well again", async () => {
      const schedule = await client.schedules.get("minutely");
      return schedule?.state === "active" && schedule.lastAt === start + minute;
    });
  });

  test("incident 17 and 18: workers of several processes fire each tick once", async () => {
    const clock = createManualClock(start);
    const first = await openBench({ clock });
    const { ticks, handler } = noting();
    await first.client.schedules.upsert(minutely);
    await first.work([handler]);
    for (let more = 0; more < 3; more += 1) {
      const other = await openBench({ clock, on: first });
      await other.work([handler]);
    }
    for (let tick = 1; tick <= 5; tick += 1) {
      await clock.advance("1m");
      await eventually(`tick ${tick} has run`, () => ticks.length >= tick);
    }
    expect(ticks).toEqual([1, 2, 3, 4, 5].map((minutes) => at(minutes)));
    expect((await first.client.jobs.list({ tag: "schedule:minutely" })).jobs).toHaveLength(5);
  });

  test("incident 21: a scheduler whose first look fails looks again", async () => {
    let failures = 3;
    const clock = createManualClock(start);
    const { client, work } = await openBench({
      clock,
      wrap: (given) =>
        overridden(given, {
          async findDueSchedules(limit: number, now: number, except?: readonly string[]) {
            if (failures-- > 0) throw new Error("not now");
            return given.findDueSchedules(limit, now, except);
          },
        }),
    });
    const { ticks, handler } = noting();
    await client.schedules.upsert({ name: "often", every: "1s", job: sweep, payload: "all" });
    await work([handler]);
    await clock.advance("1s");
    await eventually("the tick has run", () => ticks.length === 1);
  });

  test("in real time a tick is fired within a moment of its time, and never before it", async () => {
    const { client, work } = await openBench();
    const jobs: Job[] = [];
    await client.schedules.upsert({ name: "often", every: "1s", job: sweep, payload: "all" });
    await work([sweep.handler(() => {})], { poll: "1s" });
    await eventually("two ticks have run", async () => {
      jobs.splice(0, jobs.length, ...(await client.jobs.list({ tag: "schedule:often" })).jobs);
      return jobs.length >= 2;
    });
    for (const { runAt, createdAt } of jobs) {
      expect(runAt % 1_000).toBe(0);
      expect(createdAt).toBeGreaterThanOrEqual(runAt);
    }
  });

  describe("in tests", () => {
    test("draining fires each tick of the time it covers, at its time", async () => {
      const clock = createManualClock(start);
      const { client } = await openBench({ clock });
      const { ticks, handler } = noting();
      await client.schedules.upsert({ ...minutely, cron: "*/15 * * * *" });
      await drain(client, { handlers: [handler], within: "1h" });
      expect(ticks).toEqual([at(15), at(30), at(45), at(60)]);
      expect(clock.now()).toBe(start + hour);
    });

    test("draining all goes on as far as jobs take it, and ticks as far as that", async () => {
      const clock = createManualClock(start);
      const { client } = await openBench({ clock });
      const { ticks, handler } = noting();
      await client.schedules.upsert({ ...minutely, cron: "*/15 * * * *" });
      await client.enqueue(sweep, "later", { delay: "40m" });
      await drain(client, { handlers: [handler] });
      expect(ticks).toEqual([at(15), at(30), undefined]);
      expect(clock.now()).toBe(start + 40 * minute);
    });

    test("working until idle fires what is due", async () => {
      const clock = createManualClock(start);
      const { client } = await openBench({ clock });
      const { ticks, handler } = noting();
      await client.schedules.upsert(minutely);
      await runUntilIdle(client, { handlers: [handler] });
      expect(ticks).toEqual([]);
      await clock.advance("1m");
      await runUntilIdle(client, { handlers: [handler] });
      expect(ticks).toEqual([at(1)]);
    });
  });
});

test("a handler that is run alone is told of the tick it is given", async () => {
  const { ticks, handler } = noting();
  const clock = createManualClock(start);
  await runJob(handler, "all", { clock, tick: { schedule: "minutely", at: new Date(start - 5) } });
  await runJob(handler, "all", { clock });
  expect(ticks).toEqual([{ schedule: "minutely", at: start - 5, latenessMs: 5 }, undefined]);
  await expect(runJob(handler, "all", { tick: 5 as never })).rejects.toMatchObject({
    code: "INVALID_OPTION",
  });
});
