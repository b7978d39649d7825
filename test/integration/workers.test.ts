import { defineJob } from "holdfast";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";
import { startChild } from "./worker-child.ts";

const job = defineJob({ name: "job" });
const mail = defineJob({ name: "mail", queue: "mails", version: { number: 3, upgrade: (p) => p } });
const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { readonly version: string };

/** What a worker's last heartbeat said, as soon as something holds for it. */
function reportOnce(
  { client }: Bench,
  id: string | undefined,
  what: string,
  holds: (report: NonNullable<Awaited<ReturnType<typeof reportOf>>>) => boolean,
) {
  return eventually(what, async () => {
    const report = await reportOf(client, id);
    return report !== undefined && report !== null && holds(report) && report;
  });
}

const reportOf = async (client: Bench["client"], id: string | undefined) =>
  (await client.workers.get(id ?? ""))?.report;

describeWorkers((openBench, databases) => {
  test("a worker shows who it is, what it serves, how it is and what it runs", async () => {
    const bench = await openBench({ threads: true });
    const goOn = createLatch();
    const handlers = [job.handler(() => goOn.opened), mail.handler(() => goOn.opened)];
    const worker = await bench.work(handlers, {
      queues: { default: { concurrency: 2 }, mails: {} },
      concurrency: 7,
      heartbeat: "50ms",
    });
    const first = await bench.client.enqueue(job, {});
    await bench.jobOnce(first.id, "runs", ({ state }) => state === "running");
    const second = await bench.client.enqueue(mail, {});
    const both = [second.id, first.id];
    const report = await reportOnce(bench, worker.id, "it tells of both", ({ jobs }) =>
      both.every((id) => jobs.includes(id)),
    );
    expect(report).toMatchObject({ running: 2, places: 7, jobs: both });
    expect(report.lagMs).toBeGreaterThanOrEqual(0);
    expect(report.heapBytes).toBeGreaterThan(1_000_000);
    expect(report.rssBytes).toBeGreaterThan(report.heapBytes);
    const record = await bench.client.workers.get(worker.id ?? "");
    expect(record).toMatchObject({
      id: worker.id,
      host: hostname(),
      pid: process.pid,
      version,
      queues: ["default", "mails"],
      slots: { default: 2, mails: 10 },
      handlers: ["job", "mail"],
      versions: { job: 1, mail: 3 },
    });
    expect(record?.lastBeatMs).toBeLessThan(5_000);
    goOn.open();
    await Promise.all(both.map((id) => bench.finished(id)));
    await reportOnce(bench, worker.id, "it tells of none", ({ running }) => running === 0);
    expect(await bench.client.workers.get("999999999")).toBeUndefined();
    expect(await bench.client.workers.get("nobody")).toBeUndefined();
  });

  test("maintenance is seen wherever it runs: which pass, on which worker, when, and what it did", async () => {
    const bench = await openBench({ threads: true });
    const workers = [
      await bench.work([job.handler(() => {})], { heartbeat: "50ms" }),
      await bench.work([job.handler(() => {})], { heartbeat: "50ms" }),
    ];
    const names = [
      "admit",
      "operate",
      "promote",
      "prune",
      "reclaim",
      "rescue",
      "schedule",
      "stats",
    ];
    const began = bench.client.clock.now();
    const { id } = await bench.client.enqueue(job, {}, { delay: "50ms" });
    await bench.finished(id);
    const passes = await eventually("all of it is told of", async () => {
      const told = await bench.client.maintenance.list();
      const promoted = told.some(({ name, total }) => name === "promote" && total > 0);
      return promoted && told.length >= 2 * names.length && told;
    });
    for (const name of names) {
      const ran = passes.filter((pass) => pass.name === name).map(({ worker }) => worker);
      expect(new Set(ran)).toEqual(new Set(workers.map((worker) => worker.id)));
    }
    const promotions = passes.filter(({ name }) => name === "promote");
    expect(promotions.reduce((sum, { total }) => sum + total, 0)).toBe(1);
    expect(promotions[0]?.ranAt).toBeGreaterThan(began);
    expect(promotions[0]).toMatchObject({ error: null });
  });

  test("a pass that fails says with what", async () => {
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          pruneJobs: () => Promise.reject(new Error("out of paper")),
        }),
    });
    await bench.work([job.handler(() => {})], { heartbeat: "50ms" });
    const pass = await eventually("the failure is told of", async () =>
      (await bench.client.maintenance.list()).find(({ error }) => error !== null),
    );
    expect(pass).toMatchObject({ name: "prune", rows: 0, error: "out of paper" });
  });

  if (databases.kind === "SQLite in memory") return;

  test("a main loop that stands still is seen from outside, with the job that keeps it", async () => {
    const bench = await openBench();
    const options = { heartbeat: "100ms" } as const;
    const child = databases.closing(await startChild({ client: bench.place, options }));
    const { id } = await bench.client.enqueue("block", 1_000);
    const late = await reportOnce(bench, child.workerId, "it is late", ({ lagMs }) => lagMs > 400);
    expect(late).toMatchObject({ running: 1, jobs: [id] });
    const { pid, lastBeatMs } = (await bench.client.workers.get(child.workerId)) ?? {};
    expect(pid).not.toBe(process.pid);
    expect(lastBeatMs).toBeLessThan(1_000);
    await bench.finished(id);
    await reportOnce(bench, child.workerId, "it turns again", ({ lagMs }) => lagMs < 100);
  });
});
