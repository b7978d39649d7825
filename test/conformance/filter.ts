import { expect } from "vitest";
import { type JobConditions, type JobFilter, readFilter } from "../../src/core/job-filter.ts";
import type { NewJob } from "../../src/core/new-job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring } from "./bring.ts";
import { aJob, enqueue, enqueueOne, runOne, settleOne, stop, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** The ids a filter lists, oldest first; its counts must say the same. */
export async function found(
  storage: Storage,
  filter: JobFilter,
  now = t0,
): Promise<readonly string[]> {
  const conditions = readFilter("law", filter, now);
  const [jobs, counts] = await Promise.all([
    storage.listJobs(conditions, 1_000),
    storage.countJobs(conditions),
  ]);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(jobs.length);
  return jobs.map(({ id }) => id).toReversed();
}

const hostile = [
  "'; DROP TABLE jobs; --",
  '" OR 1=1 --',
  "%",
  "_",
  "\\",
  "[a-z]",
  "?",
  "$1",
  "${x}",
  "{}",
  "😀",
  "a'b\"c",
];

const withPayload = (payload: unknown): NewJob => aJob({ payload: JSON.stringify(payload) });

/** A job that failed with this message and waits for its next attempt. */
async function failedWith(storage: Storage, message: string, to: "retryable" | "discarded") {
  const job = await runOne(storage);
  const attempt = { number: 1, run: 1, worker: job.lease.owner, began: t0, ended: t0 } as const;
  const earlier = { ...attempt, how: "failed", error: { name: "E", message: "earlier" } } as const;
  const newest = { ...attempt, how: "failed", error: { name: "E", message } } as const;
  await settleOne(storage, job, to, { attempts: [earlier, newest] });
  return job.lease.id;
}

export const filterLaws: Chapter = (law) => {
  law(
    "a star in a name or queue stands for any text, and nothing else does",
    async ({ storage }) => {
      const names = ["send-mail", "send-", "resend-mail", "send_mail", "SEND-mail"];
      const ids = await enqueue(
        storage,
        ...names.map((name) => aJob({ name, queue: `q.${name}` })),
      );
      const at = (...places: readonly number[]) => places.map((place) => ids[place]);
      expect(await found(storage, { name: "send-*" })).toEqual(at(0, 1));
      expect(await found(storage, { name: "*send-*" })).toEqual(at(0, 1, 2));
      expect(await found(storage, { name: "s*l" })).toEqual(at(0, 3));
      expect(await found(storage, { name: "*" })).toEqual(ids);
      expect(await found(storage, { name: "send-mail" })).toEqual(at(0));
      expect(await found(storage, { name: "send_*" })).toEqual(at(3));
      expect(await found(storage, { queue: "q.send-*" })).toEqual(at(0, 1));
      expect(await found(storage, { queue: "q?send-*" })).toEqual([]);
    },
  );

  law("text of every kind is found as it is, and does nothing else", async ({ storage }) => {
    const jobs = hostile.map((text) =>
      aJob({ name: text, queue: text, tags: [text], payload: JSON.stringify({ text }) }),
    );
    const ids = await enqueue(storage, ...jobs);
    for (const [place, text] of hostile.entries()) {
      const own = [ids[place]];
      expect(await found(storage, { name: text }), text).toEqual(own);
      expect(await found(storage, { queue: text }), text).toEqual(own);
      expect(await found(storage, { tag: text }), text).toEqual(own);
      expect(await found(storage, { payload: { text } }), text).toEqual(own);
      expect(await found(storage, { name: `${text}*` }), text).toEqual(own);
      expect(await found(storage, { error: text }), text).toEqual([]);
      if (!/["\\]/.test(text)) {
        expect(await found(storage, { payload: { [text]: 1 } }), text).toEqual([]);
      }
    }
  });

  law("ids name the jobs to look at", async ({ storage }) => {
    const [a = "", b = "", c = ""] = await enqueue(storage, aJob(), aJob({ queue: "q" }), aJob());
    expect(await found(storage, { ids: [c, a, "999999999", "9223372036854775807"] })).toEqual([
      a,
      c,
    ]);
    expect(await found(storage, { ids: [a, b], queue: "q" })).toEqual([b]);
  });

  law("moments of enqueueing are from the first on and before the second", async ({ storage }) => {
    const jobs = [0, 1, 2, 3].map((later) => aJob({ createdAt: t0 + later, runAt: t0 + 9 }));
    const ids = await enqueue(storage, ...jobs);
    expect(await found(storage, { createdAfter: t0 + 2 })).toEqual(ids.slice(2));
    expect(await found(storage, { createdBefore: t0 + 2 })).toEqual(ids.slice(0, 2));
    expect(await found(storage, { createdAfter: t0 + 1, createdBefore: t0 + 3 })).toEqual(
      ids.slice(1, 3),
    );
  });

  law("moments of finishing find finished jobs only", async (place) => {
    const { storage } = place;
    const early = await bring(place, "cancelled");
    const completed = await bring(place, "completed");
    const waiting = await enqueueOne(storage, { queue: "other" });
    const late = await enqueueOne(storage);
    await storage.cancelJob(late, { ...stop, at: t0 + 10 });
    expect(await found(storage, { finishedAfter: t0 + 1 })).toEqual([late]);
    expect(await found(storage, { finishedBefore: t0 + 1 })).toEqual([early, completed]);
    expect(await found(storage, { finishedBefore: t0 + 99 })).not.toContain(waiting);
    // Asked of storage as it is, without the states a filter leaves over.
    const plain: JobConditions = { finishedBefore: t0 + 99 };
    expect(await storage.listJobs(plain, 10)).toHaveLength(3);
  });

  law("waiting longer than is due for longer, and neither running nor over", async (place) => {
    const { storage } = place;
    await bring(place, "running");
    await bring(place, "completed");
    const due = await bring(place, "available");
    const barred = await bring(place, "blocked");
    const later = await bring(place, "scheduled");
    const now = t0 + 10_000;
    expect(await found(storage, { waitingLongerThan: "10s" }, now)).toEqual([due, barred]);
    expect(await found(storage, { waitingLongerThan: 10_001 }, now)).toEqual([]);
    // Due, and not yet made available.
    expect(await found(storage, { waitingLongerThan: "1s" }, t0 + 61_000)).toEqual([
      due,
      barred,
      later,
    ]);
  });

  law("a payload has a value at a path, each kind with its own only", async ({ storage }) => {
    const payloads = [
      { a: { b: 7 } },
      { a: { b: "7" } },
      { a: { b: true } },
      { a: { b: null } },
      { a: { b: 7.5 } },
      { a: [1, { c: "x" }] },
      { a: { 1: { c: "x" } } },
      { "a.b": 7 },
      { a: "text", A: 1 },
      7,
      "7",
      null,
      [{ a: 7 }],
    ];
    const ids = await enqueue(storage, ...payloads.map(withPayload));
    const at = (...places: readonly number[]) => places.map((place) => ids[place]);
    const has = (payload: NonNullable<JobFilter["payload"]>) => found(storage, { payload });
    expect(await has({ "a.b": 7 })).toEqual(at(0));
    expect(await has({ "a.b": "7" })).toEqual(at(1));
    expect(await has({ "a.b": true })).toEqual(at(2));
    expect(await has({ "a.b": "true" })).toEqual([]);
    expect(await has({ "a.b": false })).toEqual([]);
    expect(await has({ "a.b": null })).toEqual(at(3));
    expect(await has({ "a.b": 7.5 })).toEqual(at(4));
    expect(await has({ "a.1.c": "x" })).toEqual(at(5, 6));
    expect(await has({ "a\\.b": 7 })).toEqual(at(7));
    expect(await has({ a: "text" })).toEqual(at(8));
    expect(await has({ "0.a": 7 })).toEqual(at(12));
    expect(await has({ "a.b.c": 1, A: 1 })).toEqual([]);
    expect(await has({ a: "text", A: 1 })).toEqual(at(8));
    expect(await has({ "a.b": 1e300 })).toEqual([]);
  });

  law("a number is found however it is written", async ({ storage }) => {
    const written = [
      "42",
      "42.0",
      "4.2e1",
      "420E-1",
      "-42",
      "142",
      "420",
      '"42"',
      "0",
      "-0",
      "0.0",
    ];
    const ids = await enqueue(storage, ...written.map((n) => aJob({ payload: `{"n":${n}}` })));
    const has = async (n: number) => {
      const some = await found(storage, { payload: { n } });
      return some.map((id) => written[ids.indexOf(id)]);
    };
    expect(await has(42)).toEqual(["42", "42.0", "4.2e1", "420E-1"]);
    expect(await has(-42)).toEqual(["-42"]);
    expect(await has(0)).toEqual(["0", "-0", "0.0"]);
    expect(await has(4.5)).toEqual([]);
  });

  law("an error is found by the newest attempt's, and by why the job ended", async (place) => {
    const { storage } = place;
    const refused = await failedWith(storage, "connect ECONNREFUSED 10.0.0.1", "discarded");
    const timeout = await failedWith(storage, 'Ä "timeout" \\ %', "retryable");
    await bring(place, "completed");
    const cancelled = await enqueueOne(storage);
    await storage.cancelJob(cancelled, { ...stop, why: "Not needed: the timeout passed" });
    await enqueueOne(storage, { payload: '{"message":"timeout"}' });
    expect(await found(storage, { error: "econnREFUSED" })).toEqual([refused]);
    expect(await found(storage, { error: "TIMEOUT" })).toEqual([timeout, cancelled]);
    expect(await found(storage, { error: 'Ä "timeout" \\ %' })).toEqual([timeout]);
    expect(await found(storage, { error: "discarded" }), "its reason").toEqual([refused]);
    for (const word of ["earlier", "message", "number", "ä"]) {
      expect(await found(storage, { error: word }), word).toEqual([]);
    }
  });

  law("conditions hold together, over pages too", async ({ storage }) => {
    const mine = { queue: "q", tags: ["x"], payload: '{"n":1}' };
    const ids = await enqueue(
      storage,
      ...[mine, { ...mine, queue: "r" }, mine, { ...mine, payload: '{"n":2}' }, mine].map(aJob),
    );
    const filter = readFilter("law", { queue: "q", tag: "x", payload: { n: 1 } }, t0);
    const first = await storage.listJobs(filter, 2);
    expect(first.map(({ id }) => id)).toEqual([ids[4], ids[2]]);
    const rest = await storage.listJobs(filter, 2, first.at(-1)?.id);
    expect(rest.map(({ id }) => id)).toEqual([ids[0]]);
  });
};
