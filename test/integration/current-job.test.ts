import { setTimeout as pause } from "node:timers/promises";
import { createClient, type CurrentJob, defineJob } from "holdfast";
import { currentJob } from "holdfast/context";
import { expect, test } from "vitest";
import { recordTelemetry } from "../support/telemetry-recorder.ts";
import { describeWorkers } from "./worker-bench.ts";

const count = defineJob<{ number: number }, string[]>({ name: "count" });
const child = defineJob<{ number: number }>({ name: "child" });
const numbers = Array.from({ length: 8 }, (_, number) => ({ number }));

/** Code that was handed nothing. */
async function whoAmI(): Promise<string> {
  await pause(1);
  const job = currentJob();
  return `${job?.name} ${job?.id} ${job?.attempt}`;
}

describeWorkers((openBench) => {
  test("code inside a handler finds its job without being handed it, after awaits and in transactions, however many run", async () => {
    const bench = await openBench();
    const handler = count.handler(async (_, job) => {
      const before = await whoAmI();
      const between = await bench.client.transaction(whoAmI);
      return job.transaction(async () => [before, between, await whoAmI()]);
    });
    await bench.work([handler]);
    expect(currentJob()).toBeUndefined();
    for (const { id } of await bench.client.enqueueMany(count, numbers)) {
      const { result } = await bench.finished(id);
      expect(result).toEqual(Array.from({ length: 3 }, () => `count ${id} 1`));
    }
    expect(currentJob()).toBeUndefined();
  });

  test("in a batch it is the item in the functions of isolated, and nobody elsewhere", async () => {
    const bench = await openBench();
    const seen: (string | undefined)[] = [];
    const handler = child.batchHandler({ size: 3 }, async (batch) => {
      seen.push(currentJob()?.id);
      await batch.transaction((tx) =>
        batch.isolated(tx, async (item) => {
          await pause(1);
          seen.push(currentJob()?.id);
          return item.complete();
        }),
      );
    });
    const receipts = await bench.client.enqueueMany(child, numbers.slice(0, 3));
    await bench.work([handler]);
    for (const { id } of receipts) await bench.finished(id);
    expect(seen).toEqual([undefined, ...receipts.map(({ id }) => id)]);
  });

  test("jobs enqueued by a handler go on with its job's trace, also in a process without telemetry", async () => {
    const bench = await openBench();
    const { telemetry } = recordTelemetry();
    const producer = await createClient({ storage: bench.storage, logger: bench.log, telemetry });
    const jobs: (CurrentJob | undefined)[] = [];
    const handler = count.handler(async ({ number }, job) => {
      jobs.push(currentJob());
      job.log.info({}, "counting");
      const one = await bench.client.enqueue(child, { number });
      const [many] = await job.enqueueMany([child.request({ number })]);
      return [one.id, many.id];
    });
    await bench.work([handler]);
    const { id } = await producer.enqueue(count, { number: 1 });
    await producer.close();
    const { result = [] } = await bench.finished(id);
    const { trace } = await bench.job(id);
    expect(trace).toMatch(/^00-/);
    for (const childId of result) expect((await bench.job(childId)).trace).toBe(trace);
    expect(jobs[0]).toMatchObject({ id, trace, traceId: trace?.slice(3, 35) });
    expect(bench.log.said("counting")).toMatchObject([
      { fields: { job: id, name: "count", attempt: 1, traceId: trace?.slice(3, 35) } },
    ]);
  });
});
