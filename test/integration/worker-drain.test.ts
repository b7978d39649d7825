import { type Client, createClient, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { silent } from "./client-databases.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const job = defineJob({ name: "job" });
/** Within which a worker follows, whatever arrives. */
const followsWithinMs = 2_000;

describeWorkers((openBench, databases) => {
  /** To the database a client of its own is another process; in memory there is none. */
  async function elsewhere({ client, place }: Bench): Promise<Client> {
    if (databases.kind === "SQLite in memory") return client;
    return databases.closing(await createClient({ ...place, logger: silent }));
  }

  const draining = async (operator: Client, id: string) =>
    eventually("it drains", async () => {
      const worker = await operator.workers.get(id);
      return worker?.state === "draining" && worker;
    });

  test("a worker that another process lets drain claims nothing more, ends its jobs, and tells its application", async () => {
    const bench = await openBench();
    const operator = await elsewhere(bench);
    const began = createLatch();
    const goOn = createLatch();
    const ran: string[] = [];
    const handler = job.handler(async (_, { id }) => {
      ran.push(id);
      began.open();
      await goOn.opened;
      return "in peace";
    });
    const worker = await bench.work([handler], { drain: "10s" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    await operator.workers.drain(worker.id ?? "", { by: "ada" });
    expect(await draining(operator, worker.id ?? "")).toMatchObject({ drainedBy: "ada" });
    await eventually("it heard", () => bench.log.said("asked to drain").length > 0);
    const late = await bench.client.enqueue(job, {});
    goOn.open();
    await expect(worker.stopped).resolves.toEqual({ drained: true, by: "ada" });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "in peace" });
    // A claim that was under way when it heard may have had the job, and gave it back.
    expect(await bench.job(late.id)).toMatchObject({ state: "available", attempt: 0 });
    expect(ran).toEqual([id]);
    expect(await operator.workers.list()).toEqual([]);
    expect(worker.id).toBeUndefined();
    // It may be started again, and is another worker then.
    await worker.start();
    expect((await operator.workers.get(worker.id ?? ""))?.state).toBe("running");
    await bench.finished(late.id);
  });

  test.each([
    ["a hint", false],
    ["nothing but time", true],
  ] as const)("it follows within two seconds by %s", async (_, deaf) => {
    const nothing = { listen: async () => ({ waitFor: async () => false, stop: async () => {} }) };
    const bench = await openBench({
      wrap: (storage) => overriddenStorage(storage, deaf ? nothing : {}),
    });
    const operator = await elsewhere(bench);
    const worker = await bench.work([job.handler(() => {})], { heartbeat: "9s", poll: "1s" });
    await operator.workers.drain(worker.id ?? "");
    const began = performance.now();
    await expect(worker.stopped).resolves.toEqual({ drained: true, by: null });
    expect(performance.now() - began).toBeLessThan(followsWithinMs);
  });

  if (databases.kind === "PostgreSQL") {
    test("it follows within two seconds by its heartbeat alone", async () => {
      let reads = 0;
      const bench = await openBench({
        wrap: (storage) =>
          overriddenStorage(storage, {
            listen: async (heard) => storage.listen({ ...heard, onOrders: () => {} }),
            readOrders(...given) {
              reads += 1;
              return storage.readOrders(...given);
            },
          }),
      });
      const operator = await elsewhere(bench);
      const worker = await bench.work([job.handler(() => {})], { heartbeat: "100ms", poll: "1s" });
      await eventually("it reads orders rarely from now on", () => reads === 2);
      await operator.workers.drain(worker.id ?? "", { by: "ada" });
      const began = performance.now();
      await expect(worker.stopped).resolves.toEqual({ drained: true, by: "ada" });
      expect(performance.now() - began).toBeLessThan(followsWithinMs);
    });
  }

  test("one that was cut off when it was asked to drain drains once it is back", async () => {
    const bench = await openBench();
    const worker = await bench.work([job.handler(() => {})], { heartbeat: "100ms", lease: "1s" });
    const [record] = await bench.storage.listWorkers();
    if (record === undefined) throw new Error("It has not registered.");
    // It hears nothing of it: the order goes past the hints, and its registration is dead at once.
    await bench.storage.drainWorker(record.id, "ada");
    await eventually("it is declared dead", async () => {
      const [now] = await bench.storage.listWorkers();
      return now === undefined || bench.storage.markWorkerDead(now.id, now.beat);
    });
    await expect(worker.stopped).resolves.toEqual({ drained: true, by: "ada" });
    expect(await bench.client.workers.list()).toEqual([]);
  });

  test("jobs that do not end in the drain are given back, nothing spent", async () => {
    const bench = await openBench();
    const began = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await new Promise(() => {});
    });
    const worker = await bench.work([handler], { drain: "100ms", grace: "50ms" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    await bench.client.workers.drain(worker.id ?? "");
    await worker.stopped;
    expect(await bench.job(id)).toMatchObject({ state: "available", attempt: 0, crashes: 0 });
  });

  test("a stop is shown as a drain while jobs run, and is no drain to the application", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
    });
    const worker = await bench.work([handler], { drain: "10s" });
    const { id } = worker;
    await bench.client.enqueue(job, {});
    await began.opened;
    const stopping = worker.stop();
    expect(await draining(bench.client, id ?? "")).toMatchObject({ drainedBy: null });
    goOn.open();
    await stopping;
    await expect(worker.stopped).resolves.toEqual({ drained: false, by: null });
    expect(bench.log.said("asked to drain")).toEqual([]);
  });

  test("a worker that is not there is WORKER_NOT_FOUND, and what cannot be one is refused", async () => {
    const { client } = await openBench();
    const { drain } = client.workers;
    for (const id of ["4611686018427387904", "0", "7; DROP", ""]) {
      await expect(drain(id)).rejects.toThrow(coded("WORKER_NOT_FOUND", "client.workers.list"));
    }
    await expect(drain(7 as never)).rejects.toThrow(coded("INVALID_OPTION", "as text"));
    await expect(drain("7", { by: 7 as never })).rejects.toThrow(coded("INVALID_OPTION", "by"));
  });
});
