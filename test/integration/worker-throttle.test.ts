import { defineJob, type Ending, ThrottleError } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { expect, test } from "vitest";
import { describeWorkers } from "./worker-bench.ts";

const api = defineJob<{ asks?: "5m" | "30s" | "90s" }, string>({ name: "api", queue: "api" });
const minute = 60_000;

describeWorkers((openBench) => {
  test("throttle closes the queue for one step of the curve however many handlers hit it, and spends no attempt", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    let open = false;
    const handler = api.handler((_, job): Ending | string => (open ? "sent" : job.throttle()));
    const receipts = await bench.client.enqueueMany(api, [{}, {}, {}, {}]);
    await bench.work([handler], { queues: { api: { concurrency: 3 } } });
    for (const { id } of receipts.slice(0, 3)) {
      const job = await bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
      expect(job).toMatchObject({ attempt: 0, runAt: clock.now() + minute });
    }
    const closed = { level: 1, closedUntil: clock.now() + minute };
    await expect(bench.storage.getCooling("api")).resolves.toEqual(closed);
    await expect(bench.job(receipts[3]?.id ?? "")).resolves.toMatchObject({ state: "available" });

    open = true;
    await clock.advance("60s");
    for (const { id } of receipts) {
      await expect(bench.finished(id)).resolves.toMatchObject({ result: "sent" });
      expect((await bench.job(id)).attempt).toBe(1);
    }
  });

  test("each window in a row is a step further, and two quiet minutes begin the curve anew", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    await bench.work([api.handler((_, job) => job.throttle())]);
    const { id } = await bench.client.enqueue(api, {});
    const closedFor = async (runs: number): Promise<number> => {
      await bench.jobOnce(id, "was throttled", ({ attempts }) => attempts.length === runs);
      return (await bench.storage.getCooling("api")).closedUntil - clock.now();
    };
    expect(await closedFor(1)).toBe(minute);
    await clock.advance("1m");
    expect(await closedFor(2)).toBe(2 * minute);
    await clock.advance("2m");
    expect(await closedFor(3)).toBe(4 * minute);
    await bench.client.queues.pause("api");
    await clock.advance("7m");
    await bench.client.queues.resume("api");
    expect(await closedFor(4)).toBe(minute);
  });

  test("jobs of a queue whose cooling-down is ended by hand begin at once, and the audit says who did it", async () => {
    const bench = await openBench();
    let throttled = 0;
    const handler = api.handler(({ asks }, job): Ending | string => {
      if (asks === undefined) return "sent";
      throttled += 1;
      return job.throttle(asks);
    });
    await bench.work([handler], { queues: { api: { concurrency: 1 } } });
    const first = await bench.client.enqueue(api, { asks: "5m" });
    await bench.jobOnce(first.id, "is put off", ({ state }) => state === "scheduled");
    const next = await bench.client.enqueue(api, {});
    await bench.client.queues.update("api", { cooling: null, by: "ada" });
    await expect(bench.finished(next.id)).resolves.toMatchObject({ result: "sent" });
    const { state } = await bench.job(first.id);
    expect([state, throttled], "it keeps the time it was given").toEqual(["scheduled", 1]);
    const { entries } = await bench.storage.listAudit({}, { limit: 1, lookAtMost: 1 });
    expect(entries).toMatchObject([
      { action: "queues.update", by: "ada", target: "queue:api", details: { cooling: null } },
    ]);
  });

  test.each([
    ["job.throttle", false],
    ["a ThrottleError", true],
  ])("the server's retry-after given to %s is honoured over the curve", async (_, throws) => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const handler = api.handler(({ asks }, job) => {
      if (throws) throw new ThrottleError(asks);
      return job.throttle(asks);
    });
    await bench.work([handler], { queues: { api: { concurrency: 1 } } });
    const first = await bench.client.enqueue(api, { asks: "30s" });
    const put = await bench.jobOnce(first.id, "is put off", ({ state }) => state === "scheduled");
    expect(put.runAt - clock.now()).toBe(30_000);
    expect(put.attempts).toMatchObject([{ how: "throttled" }]);
    expect((await bench.storage.getCooling("api")).closedUntil).toBe(put.runAt);
  });

  test("a longer retry-after heard while the queue is closed keeps it closed for longer", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    await bench.work([api.handler(({ asks }, job) => job.throttle(asks))]);
    const receipts = await bench.client.enqueueMany(api, [{ asks: "30s" }, { asks: "5m" }]);
    for (const { id } of receipts) {
      await bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
    }
    await expect(bench.storage.getCooling("api")).resolves.toEqual({
      level: 1,
      closedUntil: clock.now() + 5 * minute,
    });
  });

  test("a retry-after that is no duration fails the attempt", async () => {
    const bench = await openBench();
    const once = defineJob({ name: "once", retry: "none" });
    const handler = once.handler(() => {
      throw new ThrottleError(-1);
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(once, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
    expect((await bench.job(id)).attempts).toMatchObject([{ error: { code: "INVALID_OPTION" } }]);
  });
});
