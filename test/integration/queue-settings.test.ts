import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { single } from "../conformance/jobs.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { overridden } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

describeWorkers((openBench, databases) => {
  test("a concurrency set while a worker runs is followed, and given up again", async () => {
    const bench = await openBench();
    let running = 0;
    const goOn = createLatch();
    const job = defineJob({ name: "job", queue: "mail" });
    const handler = job.handler(async () => {
      running += 1;
      await goOn.opened;
      running -= 1;
    });
    await bench.client.queues.update("mail", { concurrency: 2 });
    await bench.client.enqueueMany(job, [{}, {}, {}, {}, {}]);
    await bench.work([handler], { queues: { mail: { concurrency: 4 } }, drain: "5s" });
    await eventually("two run", () => running === 2);
    await bench.client.queues.update("mail", { concurrency: 3 });
    await eventually("three run", () => running === 3);
    await bench.client.queues.update("mail", { concurrency: null });
    await eventually("as many run as the worker says", () => running === 4);
    goOn.open();
  });

  test("settings made in another process are followed within two seconds", async () => {
    const bench = await openBench();
    const other = databases.kind === "SQLite in memory" ? bench : await openBench({ on: bench });
    let running = 0;
    const goOn = createLatch();
    const job = defineJob({ name: "job", queue: "mail" });
    const handler = job.handler(async () => {
      running += 1;
      await goOn.opened;
    });
    await bench.work([handler], { queues: { mail: { concurrency: 1 } }, drain: "5s" });
    await bench.client.enqueueMany(job, [{}, {}, {}]);
    await eventually("one runs", () => running === 1);
    await other.client.queues.update("mail", { concurrency: 2 });
    const began = performance.now();
    await eventually("two run", () => running === 2);
    expect(performance.now() - began).toBeLessThan(2_000);
    goOn.open();
  });

  if (databases.kind === "PostgreSQL") {
    test("settings are followed with the next heartbeat where a hint of them is lost without a word", async () => {
      let reads = 0;
      const bench = await openBench({
        wrap: (storage) =>
          overridden(storage, {
            listen: (listener) => storage.listen({ ...listener, onOrders() {} }),
            readOrders(...given: Parameters<typeof storage.readOrders>) {
              reads += 1;
              return storage.readOrders(...given);
            },
          }),
      });
      let running = 0;
      const goOn = createLatch();
      const job = defineJob({ name: "job", queue: "mail" });
      const handler = job.handler(async () => {
        running += 1;
        await goOn.opened;
      });
      // With a queue that has room it waits for hints.
      const queues = { mail: { concurrency: 1 }, other: {} };
      await bench.work([handler], { queues, drain: "5s", heartbeat: "100ms", poll: "1s" });
      await bench.client.enqueueMany(job, [{}, {}]);
      await eventually("one runs", () => running === 1);
      await eventually("it reads orders rarely from now on", () => reads === 2);
      await bench.client.queues.update("mail", { concurrency: 2 });
      await eventually("two run", () => running === 2);
      goOn.open();
    });
  }

  test("a queue's backoff goes before a definition's curve and before its function", async () => {
    const bench = await openBench();
    const fails = () => {
      throw new Error("not today");
    };
    const curve = defineJob({ name: "curve", retry: { backoff: { min: "1h", max: "1h" } } });
    const chosen = defineJob({ name: "chosen", retry: { backoff: () => "1h" } });
    const own = defineJob({ name: "own", queue: "own", retry: { backoff: () => "1h" } });
    await bench.client.queues.update("default", {
      backoff: { min: "3m", max: "3m", factor: 1, jitter: 0 },
    });
    await bench.work([curve.handler(fails), chosen.handler(fails), own.handler(fails)]);
    const delay = async (definition: typeof curve) => {
      const { id } = await bench.client.enqueue(definition, {});
      const { runAt, attempts } = await bench.jobOnce(
        id,
        "failed",
        ({ state }) => state === "retryable",
      );
      return runAt - (single(attempts).ended ?? 0);
    };
    expect(await delay(curve)).toBe(180_000);
    expect(await delay(chosen)).toBe(180_000);
    expect(await delay(own), "another queue's is as it was").toBe(3_600_000);
  });

  test("one queue is read with its settings, its workers and who changed it", async () => {
    const { client, work } = await openBench();
    expect(await client.queues.get("mail")).toBeUndefined();
    await client.enqueue("job", {}, { queue: "mail" });
    expect(await client.queues.get("mail")).toMatchObject({
      available: 1,
      servedBy: [],
      unserved: true,
      changedBy: null,
    });
    await client.queues.update("mail", {
      maxRunning: 7,
      backoff: { min: "1s", max: "1m" },
      retention: { completed: "2d" },
      by: "ada",
    });
    await client.queues.pause("mail", { by: "bob" });
    const worker = await work([defineJob({ name: "job", queue: "mail" }).handler(() => {})]);
    expect(await client.queues.get("mail")).toMatchObject({
      name: "mail",
      paused: true,
      maxRunning: 7,
      concurrency: null,
      backoff: { minMs: 1_000, maxMs: 60_000, factor: 2, jitter: 0.2 },
      retention: { completed: 172_800_000, dead: null },
      servedBy: [worker.id],
      unserved: false,
      changedBy: "bob",
    });
    expect(await client.queues.list()).toEqual([await client.queues.get("mail")]);
  });

  test("a wrong name or setting is refused, and nothing is stored", async () => {
    const { client } = await openBench();
    const refused = coded("INVALID_OPTION");
    await expect(client.queues.update("", { maxRunning: 1 })).rejects.toThrow(refused);
    await expect(client.queues.update("q", { maxRunning: -1 })).rejects.toThrow(refused);
    await expect(client.queues.update("q", { maxRunning: 1, by: 7 as never })).rejects.toThrow(
      refused,
    );
    await expect(client.queues.get("")).rejects.toThrow(refused);
    await expect(client.queues.pause("q", { for: "1h" } as never)).rejects.toThrow(refused);
    expect(await client.queues.list()).toEqual([]);
  });
});
