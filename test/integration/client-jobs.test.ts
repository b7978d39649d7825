import { type Client, defineJob, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { claim, hire, single } from "../conformance/jobs.ts";
import { coded } from "../support/coded.ts";
import { describeDatabases } from "./client-databases.ts";

const greet = defineJob<{ n: number }>({ name: "greet", tags: ["hello"] });
const other = defineJob<{ n: number }>({ name: "other", queue: "side" });
const missing = "4611686018427387904";
const impossible = ["0", "9223372036854775808"];

async function stateOf(client: Client, id: string) {
  return (await client.jobs.get(id))?.state;
}

/** Claims what is available as a worker would, and gives the worker's id. */
async function run(storage: Storage): Promise<string> {
  const owner = await hire(storage);
  await claim(storage, owner, { handlers: { greet: 1 }, now: Date.now() });
  return owner;
}

describeDatabases((databases) => {
  test("get gives the job, or undefined for an id that does not or cannot exist", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, { n: 1 });
    expect(await client.jobs.get(id)).toEqual(await client.handle(id).get());
    for (const gone of [missing, ...impossible]) {
      expect(await client.jobs.get(gone)).toBeUndefined();
      expect(await client.handle(gone).get()).toBeUndefined();
    }
  });

  test("verbs on a job that is not there are JOB_NOT_FOUND, on what is no id INVALID_OPTION", async () => {
    const { jobs, handle } = await databases.client();
    const verbs = [jobs.cancel, jobs.retry, jobs.runNow, jobs.delete];
    for (const verb of verbs) {
      for (const id of [missing, ...impossible]) {
        await expect(verb(id)).rejects.toThrow(coded("JOB_NOT_FOUND", id));
      }
      for (const id of [7, "", "7; DROP", undefined, null]) {
        await expect(verb(id as never)).rejects.toThrow(coded("INVALID_OPTION", "decimal text"));
      }
    }
    expect(() => handle(7 as never)).toThrow(coded("INVALID_OPTION", "decimal text"));
    for (const id of [missing, ...impossible]) {
      const wait = { timeout: "5s" } as const;
      await expect(handle(id).result(wait)).rejects.toThrow(coded("JOB_NOT_FOUND"));
      await expect(handle(id).finished(wait)).rejects.toThrow(coded("JOB_NOT_FOUND"));
    }
  });

  test("list filters, pages newest first and ends with null", async () => {
    const client = await databases.client();
    const ids = (
      await client.enqueueMany(
        greet,
        [1, 2, 3, 4, 5].map((n) => ({ n })),
      )
    ).map(({ id }) => id);
    const { id: late } = await client.enqueue(other, { n: 6 }, { delay: "1h" });
    const first = await client.jobs.list({ limit: 4 });
    expect(first.jobs.map(({ id }) => id)).toEqual([late, ids[4], ids[3], ids[2]]);
    const rest = await client.jobs.list({ limit: 4, after: first.next ?? "" });
    expect(rest.jobs.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(rest.next).toBeNull();
    expect((await client.jobs.list({ limit: 6 })).next).toBeNull();

    const found = async (filter: Parameters<Client["jobs"]["list"]>[0]) =>
      (await client.jobs.list(filter)).jobs.length;
    expect(await found({ name: "greet" })).toBe(5);
    expect(await found({ queue: "side" })).toBe(1);
    expect(await found({ tag: "hello" })).toBe(5);
    expect(await found({ state: "scheduled" })).toBe(1);
    expect(await found({ state: ["scheduled", "available"] })).toBe(6);
    expect(await found({ state: "running", name: "greet" })).toBe(0);
  });

  test("count names every state", async () => {
    const client = await databases.client();
    await client.enqueue(greet, { n: 1 });
    await client.enqueue(other, { n: 1 }, { delay: "1h" });
    expect(await client.jobs.count()).toEqual({
      scheduled: 1,
      available: 1,
      blocked: 0,
      running: 0,
      retryable: 0,
      completed: 0,
      cancelled: 0,
      discarded: 0,
    });
    expect((await client.jobs.count({ queue: "side" })).available).toBe(0);
  });

  test("filters are checked", async () => {
    const { jobs } = await databases.client();
    const bad = [
      { state: "done" },
      { state: [] },
      { queue: "" },
      { tag: 7 },
      { limit: 0 },
      { limit: 1_001 },
      { after: "x" },
      { nme: "greet" },
      null,
    ];
    for (const filter of bad) {
      await expect(jobs.list(filter as never), JSON.stringify(filter)).rejects.toThrow(
        coded("INVALID_OPTION", "client.jobs.list"),
      );
    }
    await expect(jobs.count({ limit: 3 } as never)).rejects.toThrow(
      coded("INVALID_OPTION", "limit"),
    );
  });

  test("cancel stops a waiting job at once, with who and why, and leaves a finished one", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, { n: 1 });
    expect(await client.jobs.cancel(id, { why: "not needed", by: "ops" })).toBe("cancelled");
    expect(await client.jobs.get(id)).toMatchObject({
      state: "cancelled",
      reason: { code: "JOB_CANCELLED", message: "not needed", by: "ops" },
    });
    expect(await client.jobs.cancel(id)).toBe("finished");
    for (const options of [{ why: 7 }, { why: "a\0" }, { by: "x".repeat(1_001) }, { who: "me" }]) {
      await expect(client.jobs.cancel(id, options as never)).rejects.toThrow(
        coded("INVALID_OPTION"),
      );
    }
  });

  test("cancel asks a running job to stop, and tells whoever runs it", async () => {
    const told: (readonly string[])[] = [];
    const [client, storage] = await databases.onStorage((given) => ({
      ...given,
      async wakeCancelled(ids) {
        told.push(ids);
      },
    }));
    const { id } = await client.enqueue(greet, { n: 1 });
    await run(storage);
    expect(await client.jobs.cancel(id, { by: "ops" })).toBe("cancelling");
    expect(told).toEqual([[id]]);
    expect((await client.jobs.get(id))?.cancelRequested).toMatchObject({ by: "ops" });
    await expect(client.jobs.delete(id)).rejects.toThrow(coded("JOB_RUNNING", "cancel it"));
  });

  test("retry gives a cancelled job a fresh start and wakes its queue", async () => {
    const woken: string[] = [];
    const [client] = await databases.onStorage((storage) => ({
      ...storage,
      async wake(queues) {
        woken.push(...queues);
      },
    }));
    const { id } = await client.enqueue(other, { n: 1 }, { delay: "1h" });
    await expect(client.jobs.retry(id)).rejects.toThrow(coded("JOB_NOT_RETRYABLE"));
    await client.jobs.cancel(id);
    await expect(client.jobs.runNow(id)).rejects.toThrow(coded("JOB_NOT_WAITING", "retry"));
    expect(woken).toEqual([]);
    await client.jobs.retry(id);
    expect(await stateOf(client, id)).toBe("available");
    expect(woken).toEqual(["side"]);
  });

  test("runNow makes a scheduled job available and wakes its queue; again it changes nothing", async () => {
    const woken: string[] = [];
    const [client] = await databases.onStorage((storage) => ({
      ...storage,
      async wake(queues) {
        woken.push(...queues);
      },
    }));
    const { id } = await client.enqueue(other, { n: 1 }, { delay: "1h" });
    await client.jobs.runNow(id);
    expect(await stateOf(client, id)).toBe("available");
    await client.jobs.runNow(id);
    expect(woken).toEqual(["side"]);
  });

  test("delete removes a job for good", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, { n: 1 });
    await client.jobs.delete(id);
    expect(await client.jobs.get(id)).toBeUndefined();
    await expect(client.jobs.delete(id)).rejects.toThrow(coded("JOB_NOT_FOUND"));
  });

  test("queues are listed, paused and resumed", async () => {
    const client = await databases.client();
    await client.enqueue(other, { n: 1 });
    await client.queues.pause("side");
    expect(single(await client.queues.list())).toMatchObject({
      name: "side",
      paused: true,
      available: 1,
    });
    await client.queues.resume("side");
    expect(single(await client.queues.list()).paused).toBe(false);
    for (const name of ["", "a\0", 7, undefined]) {
      await expect(client.queues.pause(name as never)).rejects.toThrow(coded("INVALID_OPTION"));
      await expect(client.queues.resume(name as never)).rejects.toThrow(coded("INVALID_OPTION"));
    }
  });

  test("the live workers are listed", async () => {
    const [client, storage] = await databases.onStorage();
    expect(await client.workers.list()).toEqual([]);
    const owner = await run(storage);
    expect(single(await client.workers.list())).toMatchObject({ id: owner, host: "host" });
  });
});
