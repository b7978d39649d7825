import { defineJob, type Ending, type JobContext } from "holdfast";
import { expect, test } from "vitest";
import { describeWorkers } from "./worker-bench.ts";

/** So long that nothing found by polling is prompt. */
const poll = "30s";
const promptMs = 10_000;
const job = defineJob({ name: "job", retry: { backoff: "fixed", delay: "100ms" } });

describeWorkers((openBench) => {
  test("a scheduled job runs when it is due and not before, without waiting for a poll", async () => {
    const bench = await openBench();
    const handler = job.handler((_, { clock }) => clock.now());
    await bench.work([handler], { poll });
    const { id } = await bench.client.enqueue(job, {}, { delay: "300ms" });
    const { runAt, createdAt } = await bench.job(id);
    expect(runAt - createdAt).toBe(300);
    const ranAt = Number((await bench.finished(id)).result);
    expect(ranAt).toBeGreaterThanOrEqual(runAt);
    expect(ranAt).toBeLessThan(runAt + promptMs);
  });

  test("of several bookings the earliest counts, in whatever order they are made", async () => {
    const bench = await openBench();
    const order: unknown[] = [];
    const handler = job.handler((payload) => void order.push(payload));
    await bench.work([handler], { poll });
    const last = await bench.client.enqueue(job, "last", { delay: "400ms" });
    await bench.client.enqueueMany([
      job.request("middle", { delay: "250ms" }),
      job.request("first", { delay: "100ms" }),
      job.request("never", { delay: "1h" }),
    ]);
    await bench.finished(last.id);
    expect(order).toEqual(["first", "middle", "last"]);
  });

  test("a booking of client.transaction counts from its commit", async () => {
    const bench = await openBench();
    await bench.work([job.handler(() => "ran")], { poll });
    const id = await bench.client.transaction(async (tx) => {
      return (await bench.client.enqueue(job, {}, { tx, delay: "50ms" })).id;
    });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "ran" });
  });

  const again: readonly (readonly [string, (context: JobContext) => Ending])[] = [
    [
      "a retry",
      () => {
        throw new Error("no");
      },
    ],
    ["a snooze", (context) => context.snooze("100ms")],
    ["a reschedule", (context) => context.rescheduleIn("100ms")],
    ["a throttled job's queue", (context) => context.throttle("100ms")],
  ];
  test.each(again)("%s comes back without waiting for a poll", async (_, end) => {
    const bench = await openBench();
    const handler = job.handler((_payload, context): Ending | string =>
      context.run === 1 ? end(context) : "again",
    );
    await bench.work([handler], { poll });
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "again" });
  });

  test("a booking of another process is found by polling", async () => {
    const bench = await openBench();
    await bench.work([job.handler(() => "ran")], { poll: "100ms" });
    const other = await openBench({ on: bench });
    const { id } = await other.client.enqueue(job, {}, { delay: "50ms" });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "ran" });
  });
});
