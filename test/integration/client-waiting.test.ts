import { type Client, createWorker, defineJob, HoldfastError, type Storage } from "holdfast";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { coded } from "../support/coded.ts";
import { type Databases, describeDatabases } from "./client-databases.ts";

const add = defineJob({
  name: "add",
  payload: z.object({ a: z.number(), b: z.number() }),
  result: z.object({ sum: z.number() }),
  retry: "none",
});
const nothing = defineJob<unknown, void>({ name: "nothing" });
const wait = { timeout: "20s" } as const;

/** A client with a worker beside it that adds. */
async function working(databases: Databases, client: Client): Promise<Client> {
  const worker = createWorker(client, {
    handlers: [
      add.handler(({ a, b }, job) => {
        if (b === 0) return job.cancel("nothing to add");
        if (b < 0) throw new Error("too small");
        return { sum: a + b };
      }),
      nothing.handler(() => {}),
    ],
  });
  await worker.start();
  databases.closing({ close: () => worker.stop() });
  return client;
}

/** Counts the looks for finished jobs. */
function counted(storage: Storage, looks: number[]): Storage {
  const findEnds: Storage["findEnds"] = (ids) => {
    looks.push(ids.length);
    return storage.findEnds(ids);
  };
  return { ...storage, findEnds };
}

describeDatabases((databases) => {
  test("result gives what the handler returned, with its type", async () => {
    const client = await working(databases, await databases.client());
    const { id } = await client.enqueue(add, { a: 1, b: 2 });
    const result = await client.handle(id).result(wait);
    expectTypeOf(result).toEqualTypeOf<{ sum: number }>();
    expect(result).toEqual({ sum: 3 });
    expect(await client.handle(id).finished(wait)).toEqual({
      state: "completed",
      result: { sum: 3 },
      reason: null,
    });
  });

  test("a job without a result gives undefined", async () => {
    const client = await working(databases, await databases.client());
    const { id } = await client.enqueue(nothing, {});
    expect(await client.handle(id).result(wait)).toBeUndefined();
  });

  test("a discarded job is JOB_DISCARDED with the reason, and a value for finished", async () => {
    const client = await working(databases, await databases.client());
    const { id } = await client.enqueue(add, { a: 1, b: -2 });
    await expect(client.handle(id).result(wait)).rejects.toThrow(
      expect.objectContaining({
        code: "JOB_DISCARDED",
        message: expect.stringContaining("attempt failed") as unknown,
        details: { id, reason: expect.objectContaining({ code: "ATTEMPTS_EXHAUSTED" }) as unknown },
      }),
    );
    expect(await client.handle(id).finished(wait)).toMatchObject({
      state: "discarded",
      result: undefined,
      reason: { code: "ATTEMPTS_EXHAUSTED" },
    });
  });

  test("a cancelled job is JOB_CANCELLED with who and why", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(add, { a: 1, b: 2 });
    const waiting = expect(client.handle(id).result(wait)).rejects.toThrow(
      expect.objectContaining({
        code: "JOB_CANCELLED",
        message: expect.stringContaining("no longer wanted") as unknown,
        details: { id, reason: { code: "JOB_CANCELLED", message: "no longer wanted", by: "ops" } },
      }),
    );
    await client.jobs.cancel(id, { why: "no longer wanted", by: "ops" });
    await waiting;
  });

  test("WAIT_TIMEOUT comes in time and the job goes on", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(add, { a: 1, b: 2 });
    const began = performance.now();
    await expect(client.handle(id).result({ timeout: "80ms" })).rejects.toThrow(
      coded("WAIT_TIMEOUT", "80ms"),
    );
    expect(performance.now() - began).toBeGreaterThanOrEqual(75);
    expect((await client.jobs.get(id))?.state).toBe("available");
  });

  test.each([undefined, {}, { timeout: "soon" }, { timeout: -1 }, { timeot: "1s" }, 5_000])(
    "the wait needs a timeout: %j is refused",
    async (options) => {
      const client = await databases.client();
      const { id } = await client.enqueue(nothing, {});
      for (const call of [client.handle(id).result, client.handle(id).finished]) {
        await expect(call(options as never)).rejects.toThrow(coded("INVALID_OPTION", "handle."));
      }
    },
  );

  test("200 callers waiting for 200 jobs share their looks", async () => {
    const looks: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, looks));
    const receipts = await client.enqueueMany(
      add,
      Array.from({ length: 200 }, (_, n) => ({ a: n, b: 1 })),
    );
    const results = Promise.all(receipts.map(({ id }) => client.handle(id).result(wait)));
    await working(databases, client);
    expect((await results).map(({ sum }) => sum)).toEqual(receipts.map((_, n) => n + 1));
    expect(looks.length).toBeLessThan(100);
    expect(Math.max(...looks)).toBe(200);
  });

  test("handles of many jobs wait with one batched query, and give everything in the order asked for", async () => {
    const looks: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, looks));
    const payloads = Array.from({ length: 200 }, (_, n) => ({ a: n, b: 1 }));
    const receipts = await client.enqueueMany(add, payloads);
    const ids = receipts.map(({ id }) => id).toReversed();
    const all = client.handles(ids).all(wait);
    const ends = client.handles(ids).finished(wait);
    await working(databases, client);
    const results = await all;
    expectTypeOf(results).toEqualTypeOf<readonly { sum: number }[]>();
    expect(results.map(({ sum }) => sum)).toEqual(ids.map((_, n) => 200 - n));
    expect((await ends).map(({ result }) => result)).toEqual(results);
    expect(looks.length).toBeLessThan(100);
    expect(Math.max(...looks)).toBe(200);
  });

  test("of many jobs all throws for the first that ended otherwise, and finished gives it with its partial result", async () => {
    const client = await databases.client();
    const partial = defineJob<unknown, { at: number }>({ name: "partial", retry: "none" });
    const worker = createWorker(client, {
      handlers: [
        partial.handler(async (_payload, job) => {
          await job.setResult({ at: 3 });
          throw new Error("half way");
        }),
        add.handler(({ a, b }) => ({ sum: a + b })),
      ],
    });
    await worker.start();
    databases.closing({ close: () => worker.stop() });
    const good = await client.enqueue(add, { a: 1, b: 2 });
    const bad = await client.enqueue(partial, {});
    const never = await client.enqueue(nothing, {});
    const handles = client.handles([never.id, good.id, bad.id]);
    await expect(handles.all(wait)).rejects.toThrow(coded("JOB_DISCARDED", bad.id));
    const ends = await client.handles([good.id, bad.id]).finished(wait);
    expect(ends).toMatchObject([
      { state: "completed", result: { sum: 3 } },
      { state: "discarded", result: { at: 3 }, reason: { code: "ATTEMPTS_EXHAUSTED" } },
    ]);
  });

  test("one timeout is for many jobs together, and names the first that is not done; none at all are done at once", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(nothing, {});
    await client.jobs.cancel(id);
    const open = await client.enqueue(nothing, {});
    const handles = client.handles([id, open.id]);
    await expect(handles.finished({ timeout: "80ms" })).rejects.toThrow(
      coded("WAIT_TIMEOUT", `Job ${open.id}`),
    );
    await expect(client.handles([]).all({ timeout: 0 })).resolves.toEqual([]);
  });

  test("handles of what are no ids, and waits without a timeout, are refused", async () => {
    const client = await databases.client();
    expect(() => client.handles("7" as never)).toThrow(coded("INVALID_OPTION", "client.handles"));
    expect(() => client.handles(["x"])).toThrow(coded("INVALID_OPTION", "client.handles"));
    await expect(client.handles(["7"]).all({} as never)).rejects.toThrow(coded("INVALID_OPTION"));
    await expect(client.handles(["7"]).finished(wait)).rejects.toThrow(coded("JOB_NOT_FOUND", "7"));
  });

  test("an id that cannot exist is not even looked for", async () => {
    const looks: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, looks));
    for (const id of ["0", "9223372036854775808"]) {
      await expect(client.handle(id).result(wait)).rejects.toThrow(coded("JOB_NOT_FOUND", id));
    }
    expect(looks).toEqual([]);
  });

  test("a deleted job ends its wait with JOB_NOT_FOUND", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(nothing, {});
    const waiting = expect(client.handle(id).finished(wait)).rejects.toThrow(
      coded("JOB_NOT_FOUND"),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await client.jobs.delete(id);
    await waiting;
  });

  test("an outage is waited out", async () => {
    let away = true;
    const [client] = await databases.onStorage((storage) => ({
      ...storage,
      async findEnds(ids) {
        if (away) throw new HoldfastError("STORAGE_UNAVAILABLE", "away");
        return storage.findEnds(ids);
      },
    }));
    const { id } = await client.enqueue(nothing, {});
    const waiting = client.handle(id).finished(wait);
    await client.jobs.cancel(id);
    setTimeout(() => {
      away = false;
    }, 150);
    expect((await waiting).state).toBe("cancelled");
  });
});
