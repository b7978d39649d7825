import { createClient, defineJob, type Client } from "holdfast";
import { z } from "zod";
import { expect, test } from "vitest";
import { claim, hire } from "../conformance/jobs.ts";
import { coded } from "../support/coded.ts";
import { silent } from "./client-databases.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const greet = defineJob({
  name: "greet",
  payload: z.object({ n: z.number() }),
  version: { number: 4, upgrade: (payload) => payload },
});

describeWorkers((openBench, databases) => {
  /** To the database a client of its own is another process; in memory there is none. */
  async function elsewhere({ client, place }: Bench): Promise<Client> {
    if (databases.kind === "SQLite in memory") return client;
    return databases.closing(await createClient({ ...place, logger: silent }));
  }

  test("what another process changes of a waiting job is what runs, within two seconds", async () => {
    const bench = await openBench();
    const operator = await elsewhere(bench);
    const ran: unknown[] = [];
    const handler = greet.handler(({ n }, job) => {
      ran.push([n, job.queue, job.tags]);
    });
    await bench.work([handler], { queues: { default: {}, side: {} }, poll: "1s" });
    const unserved = await bench.client.enqueue(greet, { n: 1 }, { queue: "nobody" });
    const far = await bench.client.enqueue(greet, { n: 2 }, { delay: "1h" });
    const near = await bench.client.enqueue(greet, { n: 3 }, { delay: "1h" });
    const change = { queue: "side", priority: 7, tags: ["moved"], payload: { n: 10 } };
    for (const update of [
      () => operator.jobs.update(unserved.id, change),
      () => operator.jobs.update(far.id, { runAt: 0, payload: { n: 20 } }),
      () => operator.jobs.update(near.id, { delay: "200ms", payload: { n: 30 } }),
    ]) {
      const began = performance.now();
      const before = ran.length;
      await update();
      await expect.poll(() => ran.length, { timeout: 5_000 }).toBe(before + 1);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
    expect(ran).toEqual([
      [10, "side", ["moved"]],
      [20, "default", []],
      [30, "default", []],
    ]);
  });

  test("a job put off waits, and says until when", async () => {
    const { client } = await openBench();
    const { id } = await client.enqueue(greet, { n: 1 });
    const runAt = client.clock.now() + 3_600_000;
    await client.jobs.update(id, { runAt: new Date(runAt) });
    await expect(client.jobs.get(id)).resolves.toMatchObject({ state: "scheduled", runAt });
  });

  test("a payload is checked by the definition this client knows, and else taken as it is", async () => {
    const bench = await openBench();
    const { client, job } = bench;
    const { id } = await client.enqueue("greet", { n: "one" });
    await client.jobs.update(id, { payload: { n: "two" } });
    expect(await job(id)).toMatchObject({ payload: { n: "two" }, version: 1 });
    client.define(greet);
    const wrong = client.jobs.update(id, { payload: { n: "three" }, priority: 1 });
    await expect(wrong).rejects.toThrow(coded("PAYLOAD_INVALID", "n:"));
    expect(await job(id)).toMatchObject({ payload: { n: "two" }, priority: 5 });
    await client.jobs.update(id, { payload: { n: 3 } });
    expect(await job(id)).toMatchObject({ payload: { n: 3 }, version: 4 });
    const huge = client.jobs.update(id, { payload: { n: 3, more: "x".repeat(1_100_000) } });
    await expect(huge).rejects.toThrow(coded("PAYLOAD_TOO_LARGE"));
    const mangled = client.jobs.update(id, { payload: { n: 3, more: "\u0000" } });
    await expect(mangled).rejects.toThrow(coded("PAYLOAD_INVALID"));
  });

  test("a job that runs, has finished or is not there is left as it is, and the error says what to do", async () => {
    const { client, storage } = await openBench();
    const { jobs } = client;
    const { id } = await client.enqueue(greet, { n: 1 });
    await claim(storage, await hire(storage), { handlers: { greet: 4 }, now: client.clock.now() });
    const change = { priority: 1 };
    await expect(jobs.update(id, change)).rejects.toThrow(
      coded("JOB_RUNNING", "client.jobs.cancel"),
    );
    const over = await client.enqueue(greet, { n: 1 });
    await jobs.cancel(over.id);
    await expect(jobs.update(over.id, change)).rejects.toThrow(
      coded("JOB_NOT_WAITING", "finished"),
    );
    for (const gone of ["4611686018427387904", "0"]) {
      await expect(jobs.update(gone, change)).rejects.toThrow(coded("JOB_NOT_FOUND", gone));
      const payload = { payload: { n: 1 } };
      await expect(jobs.update(gone, payload)).rejects.toThrow(coded("JOB_NOT_FOUND", gone));
    }
    await expect(jobs.update("7; DROP", change)).rejects.toThrow(coded("INVALID_OPTION"));
    await expect(jobs.update(id, {})).rejects.toThrow(coded("INVALID_OPTION", "nothing to change"));
  });
});
