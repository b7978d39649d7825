import { spawnSync } from "node:child_process";
import { type Client, createClient, defineJob, type JobId } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const greet = defineJob<{ name: string }>({ name: "greet" });
const payload = { name: "x" };
const wait = { timeout: "10s" } as const;

/** Every call that must hear `CLIENT_CLOSED` once the client is closed. */
function everyCall(client: Client, id: JobId): Record<string, () => Promise<unknown>> {
  const handle = client.handle(id);
  return {
    enqueue: () => client.enqueue(greet, payload),
    "enqueue with a tx": () => client.enqueue(greet, payload, { tx: {} }),
    enqueueMany: () => client.enqueueMany(greet, []),
    transaction: () => client.transaction(async () => {}),
    "handle.get": () => handle.get(),
    "handle.result": () => handle.result(wait),
    "handle.finished": () => handle.finished(wait),
    "jobs.get": () => client.jobs.get(id),
    "jobs.list": () => client.jobs.list(),
    "jobs.count": () => client.jobs.count(),
    "jobs.cancel": () => client.jobs.cancel(id),
    "jobs.retry": () => client.jobs.retry(id),
    "jobs.runNow": () => client.jobs.runNow(id),
    "jobs.delete": () => client.jobs.delete(id),
    "queues.list": () => client.queues.list(),
    "queues.pause": () => client.queues.pause("a"),
    "queues.resume": () => client.queues.resume("a"),
    "workers.list": () => client.workers.list(),
  };
}

describeDatabases((databases) => {
  test("close waits for what is under way, and every call after it is CLIENT_CLOSED", async () => {
    const [client, storage] = await databases.onStorage();
    const { id } = await client.enqueue(greet, payload);
    const enqueues = Array.from({ length: 20 }, () => client.enqueue(greet, payload));
    const many = client.enqueueMany(greet, [payload, payload]);
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(await Promise.all(enqueues)).toHaveLength(20);
    expect(await many).toHaveLength(2);
    for (const [name, call] of Object.entries(everyCall(client, id))) {
      await expect(call(), name).rejects.toThrow(coded("CLIENT_CLOSED"));
    }
    expect((await storage.countJobs({})).available, "a storage handed in stays open").toBe(23);
  });

  test("whoever waits for a job hears CLIENT_CLOSED at once", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, payload);
    const waits = [client.handle(id).result(wait), client.handle(id).finished(wait)].map((call) =>
      expect(call).rejects.toThrow(coded("CLIENT_CLOSED", "the job goes on")),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.close();
    await Promise.all(waits);
  });

  test("a transaction under way may finish with its enqueues", async () => {
    const [client, storage] = await databases.onStorage();
    let closing = Promise.resolve();
    const closeOutside = () => {
      closing = client.close();
    };
    let enter = () => {};
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const transaction = client.transaction(async (tx) => {
      enter();
      await new Promise((resolve) => setTimeout(resolve, 30));
      await client.enqueueMany(greet, [payload, payload], { tx });
    });
    await entered;
    closeOutside();
    await closing;
    await transaction;
    expect((await storage.countJobs({})).available).toBe(2);
  });

  test("await using closes", async () => {
    let kept: Client | undefined;
    {
      await using client = await databases.client();
      kept = client;
      await client.enqueue(greet, payload);
    }
    await expect(kept.jobs.list()).rejects.toThrow(coded("CLIENT_CLOSED"));
  });

  if (databases.kind !== "SQLite in memory") {
    test("a client opened by URL closes its connections, and what was enqueued is there", async () => {
      const place = databases.place();
      const client = await createClient({ ...place, logger: silent });
      const enqueued = Promise.all([1, 2, 3].map(() => client.enqueue(greet, payload)));
      await client.close();
      await enqueued;
      const again = databases.closing(await createClient({ ...place, logger: silent }));
      expect((await again.jobs.count()).available).toBe(3);
    });

    test("a process whose client is closed ends by itself, and one that waits stays", () => {
      const place = databases.place();
      const script = `
        const { createClient } = await import(${JSON.stringify(import.meta.resolve("holdfast"))});
        const client = await createClient(${JSON.stringify(place)});
        const { id } = await client.enqueue("greet", {});
        const error = await client.handle(id).result({ timeout: "300ms" }).catch((thrown) => thrown);
        await client.close();
        process.stdout.write(error.code);`;
      const args = ["--input-type=module", "--eval", script];
      const run = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
      expect(run).toMatchObject({ status: 0, stdout: "WAIT_TIMEOUT" });
    });
  }
});
