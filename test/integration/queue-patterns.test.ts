import { createWorker, defineJob } from "holdfast";
import { afterEach, expect, test } from "vitest";
import { single } from "../conformance/jobs.ts";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

const job = defineJob<unknown, string>({ name: "job", queue: "elsewhere" });
const handler = job.handler((_, { queue }) => queue);

afterEach(() => {
  delete process.env["HOLDFAST_QUEUES"];
});

describeWorkers((openBench, databases) => {
  test("a queue that comes into being is served within two seconds by who serves its pattern", async () => {
    const bench = await openBench();
    const other = databases.kind === "SQLite in memory" ? bench : await openBench({ on: bench });
    const before = await bench.client.enqueue(job, {}, { queue: "mail-us" });
    const worker = await bench.work([handler], {
      queues: { "mail-*": { concurrency: 3 } },
      poll: "10s",
    });
    await expect(bench.finished(before.id), "it was there before").resolves.toMatchObject({
      result: "mail-us",
    });
    const own = await bench.client.enqueue(job, {});
    const created = performance.now();
    const { id } = await other.client.enqueue(job, {}, { queue: "mail-eu" });
    const gated = await other.client.enqueue(job, {}, { queue: "mail-jp", lane: "a" });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "mail-eu" });
    expect(performance.now() - created).toBeLessThan(2_000);
    await expect(bench.finished(gated.id), "also one with gates only").resolves.toMatchObject({
      state: "completed",
    });
    await expect(bench.job(own.id), "not its definition's").resolves.toMatchObject({ run: 0 });
    const { queues, slots } = single(await bench.client.workers.list());
    expect([...queues].sort()).toEqual(["mail-eu", "mail-jp", "mail-us"]);
    expect(slots).toMatchObject({ "mail-eu": 3 });
    expect(await bench.client.queues.get("mail-eu")).toMatchObject({ servedBy: [worker.id] });
    expect(await bench.client.queues.get("elsewhere")).toMatchObject({
      servedBy: [],
      unserved: true,
    });
  });

  test("HOLDFAST_QUEUES says which queues are served where the options say nothing", async () => {
    const bench = await openBench();
    process.env["HOLDFAST_QUEUES"] = "mail-*=7, plain";
    await bench.client.enqueue(job, {}, { queue: "mail-eu" });
    const listed = await bench.work([handler]);
    const named = await bench.work([handler], { queues: { own: {} } });
    const slots = new Map((await bench.client.workers.list()).map((each) => [each.id, each.slots]));
    expect(slots.get(listed.id ?? "")).toEqual({ plain: 10, "mail-eu": 7 });
    expect(slots.get(named.id ?? "")).toEqual({ own: 10 });
    process.env["HOLDFAST_QUEUES"] = "mail=many";
    expect(() => createWorker(bench.client, { handlers: [] })).toThrow(coded("INVALID_OPTION"));
  });
});
