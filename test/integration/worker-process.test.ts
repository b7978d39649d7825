import { spawnSync } from "node:child_process";
import { defineJob } from "holdfast";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Databases } from "./client-databases.ts";
import { type Bench, describeWorkers, type OpenBench } from "./worker-bench.ts";
import { type ChildPlan, startChild, type WorkerChild } from "./worker-child.ts";

const lease = "1s";
const job = defineJob({ name: "job" });

/** A database, a worker here that would rescue, and one in another process. */
async function besideChild(
  openBench: OpenBench,
  databases: Databases,
  options: ChildPlan["options"],
): Promise<{ readonly bench: Bench; readonly child: WorkerChild }> {
  const bench = await openBench({ threads: true });
  await bench.work([job.handler(() => {})], { lease, queues: { none: {} } });
  const child = await startChild({ client: bench.place, options });
  return { bench, child: databases.closing(child) };
}

describeWorkers((openBench, databases) => {
  if (databases.kind === "SQLite in memory") {
    test("a database in memory has heartbeats on the main thread, and one warning says so", async () => {
      const bench = await openBench({ threads: true });
      await bench.work([job.handler(() => {})]);
      const said = bench.log.lines.filter(({ message }) => /on the main thread/.test(message));
      expect(said).toMatchObject([{ level: "warn" }]);
    });
    return;
  }

  test("a handler that keeps the processor for longer than the lease keeps its lease", async () => {
    // Twice what the others have: on a busy machine a thread that beats may wait a second for its turn.
    const { bench, child } = await besideChild(openBench, databases, { lease: "2s" });
    const { id } = await bench.client.enqueue("block", 4_600);
    await expect(bench.finished(id)).resolves.toMatchObject({ result: child.workerId });
    await expect(bench.job(id)).resolves.toMatchObject({ run: 1, crashes: 0, attempt: 1 });
    expect(bench.log.said("worker lost")).toEqual([]);
  });

  test("a process whose main loop stands still past wedgedAfter names its jobs, ends with exit code 70, and they are rescued", async () => {
    const options = { lease, wedgedAfter: "1s" } as const;
    const { bench, child } = await besideChild(openBench, databases, options);
    const { id } = await bench.client.enqueue("block", 3_600_000);
    const { how, stderr } = await child.ended;
    expect(how).toBe(70);
    expect(stderr).toMatch(new RegExp(`stood still for \\d+ ms while running jobs ${id};`));
    const rescued = await bench.jobOnce(id, "is rescued", ({ state }) => state !== "running");
    expect(rescued).toMatchObject({ crashes: 1, attempts: [{ how: "crashed" }] });
  });

  test("a killed worker's job goes back within its lease and a little, and its former self's name counts for nothing", async () => {
    const { bench, child } = await besideChild(openBench, databases, { lease });
    const wait = defineJob<number, string>({
      name: "wait",
      retry: { backoff: "fixed", delay: "10ms" },
    });
    const { id } = await bench.client.enqueue(wait, 3_600_000);
    await child.began();
    const former = await bench.client.workers.get(child.workerId);
    child.signal("SIGKILL");
    const killed = performance.now();
    await child.ended;
    // The same host, and as far as anybody can tell the same process, is there again at once.
    const reborn = await bench.storage.registerWorker({
      host: former?.host ?? "",
      pid: former?.pid ?? 0,
      bootId: former?.bootId ?? "",
      queues: ["default"],
      handlers: ["wait"],
      leaseMs: 60_000,
    });
    const back = await bench.jobOnce(id, "is rescued", ({ state }) => state !== "running");
    const tookMs = Math.round(performance.now() - killed);
    console.log(`${databases.kind}: rescued ${tookMs} ms after the kill, the lease being 1 s`);
    expect(tookMs).toBeLessThan(1_000 + 5_000);
    expect(back).toMatchObject({
      crashes: 1,
      attempts: [{ how: "crashed", worker: child.workerId }],
    });
    const there = (await bench.client.workers.list()).map((worker) => worker.id);
    expect(there).toContain(reborn);
    expect(there).not.toContain(child.workerId);
  });

  // The rest does not depend on the database.
  if (databases.kind === "PostgreSQL") return;

  test("so does one that stands still past a job's timeout and grace, however long wedgedAfter is", async () => {
    const { bench, child } = await besideChild(openBench, databases, { grace: "100ms" });
    const hurried = defineJob({ name: "block", timeout: "300ms" });
    const { id } = await bench.client.enqueue(hurried, 3_600_000);
    const { how, stderr } = await child.ended;
    expect(how).toBe(70);
    expect(stderr).toContain(`running jobs ${id};`);
  });

  test("a process that was paused as a whole is not taken for one that stands still", async () => {
    const { bench, child } = await besideChild(openBench, databases, { wedgedAfter: "2s" });
    const { id } = await bench.client.enqueue("wait", 3_500);
    await child.began();
    child.signal("SIGSTOP");
    await sleep(3_000);
    child.signal("SIGCONT");
    await expect(bench.finished(id)).resolves.toMatchObject({ result: child.workerId });
    await expect(bench.job(id)).resolves.toMatchObject({ run: 1 });
  });

  test("a program given on the command line has heartbeats too", () => {
    const program = `
      import { createClient, createWorker } from "holdfast";
      const client = await createClient(${JSON.stringify(databases.place())});
      const worker = createWorker(client, { handlers: [], lease: "1s" });
      await worker.start();
      const beat = async () => (await client.workers.list())[0].beat;
      for (const first = await beat(); (await beat()) === first; );
      await worker.stop();
      await client.close();
      console.log("it beats");`;
    const options = { encoding: "utf8", timeout: 20_000 } as const;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "-e", program],
      options,
    );
    expect(stdout).toBe("it beats\n");
    expect(stderr).not.toMatch(/thread/);
  });

  test("a handler that calls process.exit is a crash of its process", async () => {
    const { bench, child } = await besideChild(openBench, databases, { lease });
    const { id } = await bench.client.enqueue("exit", 3);
    await expect(child.ended).resolves.toMatchObject({ how: 3 });
    const rescued = await bench.jobOnce(id, "is rescued", ({ state }) => state !== "running");
    expect(rescued).toMatchObject({ crashes: 1, attempts: [{ how: "crashed" }] });
  });
});
