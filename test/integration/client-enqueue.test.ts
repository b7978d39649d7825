import { type Client, defineJob, HoldfastError, type Storage } from "holdfast";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../support/coded.ts";
import { type Databases, describeDatabases } from "./client-databases.ts";

const greet = defineJob<{ name: string }>({ name: "greet" });
const welcome = defineJob({
  name: "send-welcome",
  payload: z.object({ email: z.string(), at: z.string().transform((text) => text.length) }),
  queue: "emails",
  priority: 2,
  tags: ["mail"],
});
const single = defineJob<{ name: string }>({
  name: "single",
  unique: { key: (payload) => payload.name },
});

/** Counts the inserts that reach a storage. */
function counted(storage: Storage, inserts: number[]): Storage {
  const insertJobs: Storage["insertJobs"] = (jobs, tx) => {
    inserts.push(jobs.length);
    return storage.insertJobs(jobs, tx);
  };
  return { ...storage, insertJobs };
}

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}` }));

describeDatabases((databases: Databases) => {
  test("enqueue stores what definition and options say, and answers with an id", async () => {
    const client = await databases.client();
    const { id, outcome } = await client.enqueue(
      welcome,
      { email: "a@b.c", at: "noon" },
      { tags: ["vip"], priority: 1 },
    );
    expect(outcome).toBe("enqueued");
    expect(await client.jobs.get(id)).toMatchObject({
      id,
      name: "send-welcome",
      state: "available",
      queue: "emails",
      priority: 1,
      payload: { email: "a@b.c", at: "noon" },
      tags: ["mail", "vip"],
    });
  });

  test("a delayed job is scheduled for then", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, { name: "x" }, { delay: "10m" });
    const job = await client.jobs.get(id);
    expect(job?.state).toBe("scheduled");
    expect((job?.runAt ?? 0) - (job?.createdAt ?? 0)).toBe(600_000);
    const at = new Date(Date.now() + 3_600_000);
    const other = await client.enqueue(greet, { name: "x" }, { runAt: at });
    expect((await client.jobs.get(other.id))?.runAt).toBe(at.getTime());
  });

  test("a job known by name only is stored unchecked", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue("elsewhere", { any: "thing" }, { queue: "far" });
    const job = await client.jobs.get(id);
    expect(job).toMatchObject({ name: "elsewhere", queue: "far", payload: { any: "thing" } });
  });

  test("a unique job answers with its holder", async () => {
    const client = await databases.client();
    const first = await client.enqueue(single, { name: "a" });
    const second = await client.enqueue(single, { name: "a" });
    expect(second).toEqual({ id: first.id, outcome: "existing" });
    const error = client.enqueue(
      single,
      { name: "a" },
      { unique: { key: "a", onConflict: "error" } },
    );
    await expect(error).rejects.toThrow(coded("UNIQUE_CONFLICT"));
  });

  test("32 concurrent enqueues share one insert, each with its own answer", async () => {
    const inserts: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, inserts));
    const receipts = await Promise.all(names(32).map((payload) => client.enqueue(greet, payload)));
    expect(inserts).toEqual([32]);
    const jobs = await Promise.all(receipts.map(({ id }) => client.jobs.get(id)));
    expect(jobs.map((job) => job?.payload)).toEqual(names(32));
  });

  test("unique enqueues are never shared", async () => {
    const inserts: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, inserts));
    await Promise.all(names(5).map((payload) => client.enqueue(single, payload)));
    expect(inserts).toEqual([1, 1, 1, 1, 1]);
  });

  test("enqueueMany keeps order, answers each, and takes requests of many kinds", async () => {
    const client = await databases.client();
    const same = await client.enqueueMany(greet, names(50), { queue: "bulk" });
    const jobs = await client.jobs.list({ queue: "bulk" });
    expect(jobs.jobs.map(({ id }) => id).toReversed()).toEqual(same.map(({ id }) => id));
    expect(jobs.jobs.map(({ payload }) => payload).toReversed()).toEqual(names(50));

    const mixed = await client.enqueueMany([
      greet.request({ name: "x" }, { delay: "1m" }),
      welcome.request({ email: "a@b.c", at: "" }, { queue: "other" }),
      single.request({ name: "one" }),
      single.request({ name: "one" }),
    ]);
    expect(mixed.map(({ outcome }) => outcome)).toEqual([
      "enqueued",
      "enqueued",
      "enqueued",
      "existing",
    ]);
    expect((await client.jobs.get(mixed[0].id))?.state).toBe("scheduled");
    expect((await client.jobs.get(mixed[1].id))?.queue).toBe("other");
    expect(mixed[3].id).toBe(mixed[2].id);
  });

  test("enqueueMany is all or nothing: one bad payload stores none and is named by index", async () => {
    const client = await databases.client();
    const bad = [{ name: "a" }, { name: "b" }, { name: "c\0" }];
    await expect(client.enqueueMany(greet, bad)).rejects.toThrow(
      expect.objectContaining({
        code: "PAYLOAD_INVALID",
        details: expect.objectContaining({ index: 2 }) as unknown,
      }),
    );
    const conflict = [
      single.request({ name: "x" }),
      single.request({ name: "x" }, { unique: { key: "x", onConflict: "error" } }),
    ];
    await expect(client.enqueueMany(conflict)).rejects.toThrow(coded("UNIQUE_CONFLICT"));
    expect((await client.jobs.count()).available).toBe(0);
  });

  test("enqueueMany of nothing is nothing", async () => {
    const inserts: number[] = [];
    const [client] = await databases.onStorage((storage) => counted(storage, inserts));
    expect(await client.enqueueMany(greet, [])).toEqual([]);
    expect(await client.enqueueMany([])).toEqual([]);
    expect(inserts).toEqual([]);
  });

  test("enqueueMany of 100,000 jobs leaves the event loop turning while it checks them", async () => {
    let turns = 0;
    let turnsOfChecking = 0;
    const [client] = await databases.onStorage((storage) => ({
      ...storage,
      insertJobs(jobs, tx) {
        turnsOfChecking = turns;
        return storage.insertJobs(jobs, tx);
      },
    }));
    const counting = setInterval(() => {
      turns += 1;
    }, 1);
    const receipts = await client.enqueueMany(greet, names(100_000));
    clearInterval(counting);
    expect(turnsOfChecking).toBeGreaterThan(3);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(100_000);
    expect((await client.jobs.count()).available).toBe(100_000);
  });

  test("due jobs wake their queues once after the commit; scheduled and existing ones do not", async () => {
    const woken: (readonly string[])[] = [];
    const [client, base] = await databases.onStorage((storage) => storage);
    const listening = await base.listen({
      // A marker file's own echo names no queue.
      onWork: (queues) => void (queues.length > 0 && woken.push(queues)),
      onCancel: () => {},
    });
    await client.enqueue(greet, { name: "x" }, { delay: "1h" });
    await client.enqueue(single, { name: "a" });
    await client.enqueue(single, { name: "a" });
    expect(woken).toEqual([["default"]]);
    await client.enqueueMany([
      greet.request({ name: "a" }, { queue: "one" }),
      greet.request({ name: "b" }, { queue: "two" }),
      greet.request({ name: "c" }, { queue: "one" }),
      greet.request({ name: "d" }, { queue: "late", delay: "1h" }),
    ]);
    expect(woken.slice(1)).toEqual([["one", "two"]]);
    await listening.stop();
  });
});

describe("what enqueue refuses", () => {
  const bad: [string, (client: Client) => Promise<unknown>, string, string][] = [
    [
      "no definition",
      (client) => client.enqueue(undefined as never, {}),
      "INVALID_OPTION",
      "defineJob",
    ],
    [
      "a handler",
      (client) => client.enqueue(greet.handler(() => {}) as never, {} as never),
      "INVALID_OPTION",
      "defineJob",
    ],
    ["an empty name", (client) => client.enqueue("", {}), "INVALID_OPTION", "a job's name must be"],
    [
      "an unknown option",
      (client) => client.enqueue(greet, { name: "a" }, { delya: 1 } as never),
      "INVALID_OPTION",
      "delya",
    ],
    [
      "options that are none",
      (client) => client.enqueue(greet, { name: "a" }, null as never),
      "INVALID_OPTION",
      "options",
    ],
    [
      "a wrong delay",
      (client) => client.enqueue(greet, { name: "a" }, { delay: "soon" as never }),
      "INVALID_OPTION",
      "delay",
    ],
    [
      "a tx that is none",
      (client) => client.enqueue(greet, { name: "a" }, { tx: 7 as never }),
      "INVALID_OPTION",
      "tx",
    ],
    [
      "a tx that is no transaction",
      (client) => client.enqueue(greet, { name: "a" }, { tx: {} }),
      "INVALID_OPTION",
      "tx",
    ],
    [
      "NUL in the payload",
      (client) => client.enqueue(greet, { name: "a\0" }),
      "PAYLOAD_INVALID",
      "at name",
    ],
    [
      "a payload its schema refuses",
      (client) => client.enqueue(welcome, { email: 7, at: "" } as never),
      "PAYLOAD_INVALID",
      "email",
    ],
    [
      "a huge payload",
      (client) => client.enqueue(greet, { name: "x".repeat(1_100_000) }),
      "PAYLOAD_TOO_LARGE",
      "limit",
    ],
    [
      "another definition of the name",
      (client) => client.enqueue(defineJob({ name: "send-welcome" }), {}),
      "DUPLICATE_DEFINITION",
      "send-welcome",
    ],
    [
      "payloads that are no array",
      (client) => client.enqueueMany(greet, { name: "a" } as never),
      "INVALID_OPTION",
      "array of payloads",
    ],
    [
      "requests with settings beside tx",
      (client) => client.enqueueMany([greet.request({ name: "a" })], { delay: "1m" } as never),
      "INVALID_OPTION",
      "it has tx",
    ],
    [
      "a request that is none",
      (client) => client.enqueueMany([{ name: "a" } as never]),
      "INVALID_OPTION",
      "requests[0]",
    ],
    [
      "a request with a tx of its own",
      (client) => client.enqueueMany([greet.request({ name: "a" }, { tx: {} })]),
      "INVALID_OPTION",
      "requests[0]",
    ],
    [
      "a request with a bad payload",
      (client) => client.enqueueMany([greet.request({ name: "a" }), greet.request({ name: "\0" })]),
      "PAYLOAD_INVALID",
      "Job 1",
    ],
  ];
  describeDatabases((databases) => {
    test("is told by code and stores nothing", async () => {
      const client = await databases.client();
      client.define(welcome);
      for (const [what, call, code, says] of bad) {
        const error: unknown = await call(client).catch((thrown: unknown) => thrown);
        expect(error, what).toBeInstanceOf(HoldfastError);
        expect(error, what).toEqual(coded(code as never, says));
      }
      expect(await client.jobs.list()).toEqual({ jobs: [], next: null, searchedTo: null });
    });
  });
});
