import { expect } from "vitest";
import { defaultRetryPolicy } from "../../src/core/defaults.ts";
import { jobAt, stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  policy,
  rising,
  single,
  someJobs,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

export const enqueueLaws: Chapter = (law) => {
  law("a job is stored with everything it was given", async ({ storage }) => {
    const given = aJob({
      name: "send",
      version: 3,
      queue: "emails",
      priority: 2,
      payload: '{"to":"a@b.c","n":[1,2]}',
      createdAt: t0 + 1,
      runAt: t0 + 1,
      unique: uniqueOn("k"),
      tags: ["a", "b"],
      trace,
    });
    const id = await enqueueOne(storage, given);
    expect(await storage.getJob(id)).toEqual({
      id,
      name: "send",
      version: 3,
      queue: "emails",
      priority: 2,
      state: "available",
      payload: { to: "a@b.c", n: [1, 2] },
      result: undefined,
      checkpoint: undefined,
      progress: undefined,
      attempt: 0,
      crashes: 0,
      run: 0,
      worker: null,
      createdAt: t0 + 1,
      runAt: t0 + 1,
      claimedAt: null,
      finishedAt: null,
      cancelRequested: null,
      reason: null,
      attempts: [],
      uniqueKey: "k",
      gates: [],
      waitingFor: null,
      tags: ["a", "b"],
      trace,
    });
  });

  law("jobs of one call that differ in a single thing keep it", async ({ storage }) => {
    const created = aJob({ createdAt: t0 + 1, runAt: t0 + 1 });
    const differing = [
      { ...created, priority: 4 },
      { ...created, createdAt: t0 + 2 },
      { ...created, policy: { ...policy, attempts: 2 } },
      { ...created, policy: defaultRetryPolicy },
      { ...created, tags: ["a"] },
      { ...created, trace },
      { ...created, runAt: t0 },
    ];
    const jobs = differing.flatMap((one) => [created, one, created]);
    const ids = await enqueue(storage, ...jobs);
    for (const [
      index,
      { priority, createdAt, runAt, tags, trace: stored = null },
    ] of jobs.entries()) {
      expect(await jobAt(storage, ids[index] ?? "")).toMatchObject({
        priority,
        createdAt,
        runAt,
        tags,
        trace: stored,
      });
    }
    const claimed = await claim(storage, await hire(storage), { now: t0 + 1 });
    const policies = new Map(claimed.map(({ lease, policy: stored }) => [lease.id, stored]));
    expect(ids.map((id) => policies.get(id))).toEqual(jobs.map((job) => job.policy));
  });

  law(
    "a job due later than its creation is scheduled, any other available",
    async ({ storage }) => {
      const [later, now, past] = await enqueue(
        storage,
        aJob({ runAt: t0 + 1 }),
        aJob({ runAt: t0 }),
        aJob({ runAt: t0 - 1 }),
      );
      expect(await jobAt(storage, later ?? "")).toMatchObject({
        state: "scheduled",
        runAt: t0 + 1,
      });
      expect(await jobAt(storage, now ?? "")).toMatchObject({ state: "available" });
      expect(await jobAt(storage, past ?? "")).toMatchObject({ state: "available" });
    },
  );

  law("receipts come in the order of the jobs, with rising ids", async ({ storage }) => {
    const jobs = someJobs(50).map((job, index) =>
      index % 3 === 0 ? { ...job, runAt: t0 + 1_000 } : job,
    );
    const receipts = await storage.insertJobs(jobs);
    expect(receipts.every(({ outcome }) => outcome === "enqueued")).toBe(true);
    const ids = receipts.map(({ id }) => id);
    expect(rising(ids)).toBe(true);
    const stored = await storage.listJobs({}, 100);
    const payloadOf = new Map(stored.map(({ id, payload }) => [id, payload]));
    expect(ids.map((id) => payloadOf.get(id))).toEqual(jobs.map((_, index) => index));
  });

  law("ids are decimal text", async ({ storage }) => {
    expect(await enqueueOne(storage)).toMatch(/^[1-9]\d*$/);
  });

  law("jobs of one call are claimed in its order", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(30));
    const jobs = await claim(storage, await hire(storage));
    expect(jobs.map(({ lease }) => lease.id)).toEqual(ids);
  });

  law("no jobs at all are no receipts", async ({ storage }) => {
    expect(await storage.insertJobs([])).toEqual([]);
  });

  law("one refused job refuses the whole call", async ({ storage }) => {
    await enqueueOne(storage, { unique: uniqueOn("taken") });
    const conflicting = aJob({ unique: uniqueOn("taken", { onConflict: "error" }) });
    const free = aJob({ unique: uniqueOn("free") });
    await expect(storage.insertJobs([aJob(), free, conflicting, aJob()])).rejects.toMatchObject({
      code: "UNIQUE_CONFLICT",
    });
    expect(await storage.listJobs({}, 10)).toHaveLength(1);
    const [receipt] = await storage.insertJobs([free]);
    expect(receipt?.outcome).toBe("enqueued");
  });

  law("a hundred thousand jobs go into one call, in order", async ({ storage }) => {
    const receipts = await storage.insertJobs(someJobs(100_000));
    expect(receipts).toHaveLength(100_000);
    expect(rising(receipts.map(({ id }) => id))).toBe(true);
    expect(await storage.countJobs({})).toMatchObject({ available: 100_000 });
    const [first] = await claim(storage, await hire(storage), { limit: 1 });
    expect(first?.payload).toBe("0");
    const last = await jobAt(storage, receipts.at(-1)?.id ?? "");
    expect(last.payload).toBe(99_999);
  });

  law("a refused call of many chunks stores none of them", async ({ storage }) => {
    await enqueueOne(storage, { unique: uniqueOn("taken") });
    const conflicting = aJob({ unique: uniqueOn("taken", { onConflict: "error" }) });
    await expect(storage.insertJobs([...someJobs(20_000), conflicting])).rejects.toMatchObject({
      code: "UNIQUE_CONFLICT",
    });
    expect(await storage.countJobs({})).toMatchObject({ available: 1 });
  });

  law("calls at once keep their jobs apart", async ({ storage, connect }) => {
    const other = await connect();
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? storage : other).insertJobs(someJobs(5, { name: `call-${index}` })),
    );
    const receipts = (await Promise.all(calls)).flat();
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(100);
    for (let index = 0; index < 20; index++) {
      expect(await storage.listJobs({ name: `call-${index}` }, 10)).toHaveLength(5);
    }
  });

  law("payload text comes to the worker byte for byte", async ({ storage }) => {
    const payload = '{"z":1.0, "a":12345678901234567890,"z":"\\u00e9\\ud83d\\ude00"}';
    await enqueueOne(storage, { payload });
    const job = single(await claim(storage, await hire(storage)));
    expect(job.payload).toBe(payload);
  });

  law("a payload of 1 MiB is kept whole", async ({ storage }) => {
    const text = "é".repeat(524_287);
    const id = await enqueueOne(storage, { payload: JSON.stringify(text) });
    expect((await jobAt(storage, id)).payload).toBe(text);
  });

  law("any JSON value is a payload", async ({ storage }) => {
    const values = [null, true, 0, -1.5e-7, "", "null", [], {}, [[[]]], { a: { b: null } }];
    const jobs = values.map((value) => aJob({ payload: JSON.stringify(value) }));
    const ids = await enqueue(storage, ...jobs);
    const stored = await Promise.all(ids.map((id) => jobAt(storage, id)));
    expect(stored.map(({ payload }) => payload)).toEqual(values);
  });

  const hostile = [
    "'; DROP TABLE holdfast_live; --",
    `"quoted" \\ back\\slash`,
    '{braces},{"json":true}',
    "😀 emoji, ümlaut, 汉字, \u202Eright to left",
    "line\nbreak\ttab\u2028separator\u0001",
    "$1 $2 ? ?1 :name @name %s %%",
    "x".repeat(255),
  ];
  for (const text of hostile) {
    const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 10)}…` : text);
    law(`names, queues, keys and tags such as ${shown} are only text`, async ({ storage }) => {
      const given = { name: text, queue: text, tags: [text, "second"], unique: uniqueOn(text) };
      const id = await enqueueOne(storage, given);
      expect(await storage.insertJobs([aJob(given)])).toEqual([{ id, outcome: "existing" }]);
      const query = { name: text, queue: text, tag: text };
      const found = single(await storage.listJobs(query, 10));
      expect(found).toMatchObject({ id, name: text, queue: text, uniqueKey: text });
      expect(found.tags).toEqual([text, "second"]);
      const owner = await hire(storage, { queues: [text], handlers: [text], host: text });
      const queues = [{ queue: text, limit: 1 }];
      const job = single(await claim(storage, owner, { queues, handlers: { [text]: 1 } }));
      expect(job).toMatchObject({ name: text, queue: text, tags: [text, "second"] });
    });
  }

  law("names that objects inherit are names like others", async ({ storage }) => {
    const name = "__proto__";
    const id = await enqueueOne(storage, { name, queue: "constructor" });
    const owner = await hire(storage);
    const queues = [{ queue: "constructor", limit: 1 }];
    const nothing = await claim(storage, owner, { queues, handlers: { work: 1 } });
    expect(nothing).toEqual([]);
    const handlers = Object.fromEntries([[name, 1]]);
    const job = single(await claim(storage, owner, { queues, handlers }));
    expect(job.lease.id).toBe(id);
  });

  law("the retry policy comes to the worker as it was given", async ({ storage }) => {
    const given = { ...policy, attempts: null, jitter: 0.125, maxCrashes: -1, timeoutMs: null };
    await enqueueOne(storage, { policy: given });
    expect(single(await claim(storage, await hire(storage))).policy).toEqual(given);
  });

  law("an id beyond 2^53 stays exact", async (place) => {
    const { storage, script, table } = place;
    const small = await enqueueOne(storage);
    const large = "9007199254740993";
    await script(`UPDATE ${table("live")} SET id = ${large} WHERE id = ${small};`);
    expect((await jobAt(storage, large)).id).toBe(large);
    expect(single(await storage.listJobs({}, 10)).id).toBe(large);
    const { lease } = single(await claim(storage, await hire(storage)));
    expect(lease.id).toBe(large);
    expect(await storage.patchJob(lease, { progress: "1" })).toBe(true);
    expect(await storage.cancelJob("9007199254740992", { why: "", by: null, at: t0 })).toBe(
      "missing",
    );
    expect(await stateOf(storage, large)).toBe("running");
  });
};
