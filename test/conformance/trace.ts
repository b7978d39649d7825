import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { jobStates } from "../../src/core/job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring, jobAt } from "./bring.ts";
import { cap, claimCapped } from "./capped.ts";
import { admitAt, laneOf } from "./gates.ts";
import {
  claim,
  enqueueOne,
  hire,
  settleOne,
  settlement,
  single,
  someJobs,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";
import { expectRefused } from "./refused-producer.ts";
import { orphansOf } from "./orphans.ts";

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const trace = `${parent} vendor=a,other=b`;
const otherTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

/** What a producer must not pass for a trace. */
const refused = [
  '{"traceparent":7}',
  '{"traceparent":""}',
  `{"traceparent":"${parent.toUpperCase()}"}`,
  `{"traceparent":"ff${parent.slice(2)}"}`,
  `{"traceparent":"${parent.replace(/-4b.*36-/, `-${"0".repeat(32)}-`)}"}`,
  `{"traceparent":"${parent.replace("00f067aa0ba902b7", "0".repeat(16))}"}`,
  `{"traceparent":"${trace}"}`,
];

const traceAt = async (storage: Storage, id: string) => (await jobAt(storage, id)).trace;

/** A success on the first try, as the runtime settles nearly every job. */
function success(job: ClaimedJob, began = t0 + 1) {
  const { attempt: number, lease } = job;
  const told = { number, run: lease.run, worker: lease.owner, began, ended: began + 2 };
  return settlement(job, "completed", { attempts: [{ ...told, how: "completed" }] });
}

export const traceLaws: Chapter = (law) => {
  law(
    "a job has the trace it was enqueued in, whatever its state; one without has none",
    async (place) => {
      const { storage } = place;
      for (const given of [{ trace }, {}]) {
        // Claims take the oldest, so what is available comes last.
        const states = jobStates.toSorted((state) => (state === "available" ? 1 : -1));
        for (const state of states) {
          const job = await jobAt(storage, await bring(place, state, given));
          expect([job.state, job.trace]).toEqual([state, given.trace ?? null]);
          expect((await storage.listJobs({}, 100)).find(({ id }) => id === job.id)).toEqual(job);
          if (state === "available") await storage.deleteJob(job.id);
        }
      }
    },
  );

  law("each of many jobs keeps its own trace, whatever they share", async ({ storage }) => {
    const traceOf = (index: number) => (index % 7 === 3 ? {} : { trace: `${parent} job=${index}` });
    // The same list for all: what is alike is told by it.
    const tags: readonly string[] = [];
    const kinds = [{ tags }, { tags, runAt: t0 + 60_000 }, { tags, gates: laneOf("a") }];
    const jobs = kinds.flatMap((kind) =>
      someJobs(80, kind).map((job, index) => ({ ...job, ...traceOf(index) })),
    );
    // Together, and those that are alike by themselves.
    for (const some of [jobs, jobs.slice(0, 80), jobs.slice(0, 1), jobs.slice(3, 4)]) {
      const receipts = await storage.insertJobs(some);
      const stored = await Promise.all(receipts.map(({ id }) => storage.getJob(id)));
      expect(stored.map((job) => job?.trace)).toEqual(some.map((job) => job.trace ?? null));
    }
  });

  law("a claim tells the trace, after every way back to the line too", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueueOne(storage, { trace });
    const take = async () => {
      const job = single(await claim(storage, owner, { now: t0 + 60_000 }));
      expect(job.trace).toBe(trace);
      return job;
    };
    await settleOne(storage, await take(), "retryable", { attempt: 1 });
    await storage.promoteJobs(10, t0 + 60_000);
    await settleOne(storage, await take(), "scheduled", { attempt: 0, runAt: t0 + 60_000 });
    await storage.promoteJobs(10, t0 + 60_000);
    await settleOne(storage, await take(), "available", { runAt: t0 });
    const job = await take();
    await settleOne(storage, job, "discarded");
    await storage.retryJob(job.lease.id, t0);
    await settleOne(storage, await take(), "retryable");
    await storage.runJobNow(job.lease.id, t0);
    await settleOne(storage, await take(), "cancelled");
    for (const request of [
      { action: "retry", filter: {} },
      { action: "move", queue: "slow", filter: {} },
      { action: "move", queue: "default", filter: {} },
    ] as const) {
      await start(storage, request);
      await workOff(storage, 10, t0 + 1);
    }
    await storage.updateJob(job.lease.id, { runAt: t0 + 50_000, priority: 1 }, t0);
    await storage.updateJob(job.lease.id, { runAt: t0 }, t0);
    await take();
  });

  law("a trace goes through gates and back, and to whoever is rescued", async ({ storage }) => {
    const gates = laneOf("a");
    const id = await enqueueOne(storage, { trace, gates });
    const owner = await hire(storage);
    expect(await admitAt(storage, gates)).toBe(1);
    expect(await traceAt(storage, id)).toBe(trace);
    await storage.pauseQueue("default", true, t0);
    expect(await jobAt(storage, id)).toMatchObject({ state: "blocked", trace });
    await storage.pauseQueue("default", false);
    expect(await admitAt(storage, gates)).toBe(1);
    const job = single(await claim(storage, owner));
    expect(job).toMatchObject({ trace, gates });
    await storage.unregisterWorker(owner);
    expect(single(await orphansOf(storage, 10))).toMatchObject({ trace });
    await settleOne(storage, job, "blocked");
    expect(await jobAt(storage, id)).toMatchObject({ state: "blocked", trace });
  });

  law(
    "a trace comes with capped claims and turns, and stays with what they finish",
    async ({ storage }) => {
      const owner = await hire(storage);
      const traced = someJobs(6).map((job, index) => ({ ...job, trace: `${parent} job=${index}` }));
      const ids = (await storage.insertJobs(traced)).map(({ id }) => id);
      await cap(storage, 1);
      const { jobs: capped } = await claimCapped(storage, owner);
      await cap(storage, null);
      const request = { owner, limit: 2, handlers: { work: 1 }, floors: {}, now: t0 };
      const turn = { ...request, queues: [{ queue: "default", limit: 2 }] };
      const first = await storage.settleAndClaim(
        capped.map((job) => success(job)),
        turn,
      );
      const { jobs } = first.claimed;
      // Far apart in time, so that they are not finished as one.
      const others = jobs.map((job, index) => success(job, t0 + index * 3_000_000_000));
      const second = await storage.settleAndClaim(others, { ...turn, limit: 3 });
      const rest = second.claimed.jobs;
      await storage.settleJobs(
        rest.map((job) => success(job)),
        t0,
      );
      expect([...capped, ...jobs, ...rest].map((job) => job.trace)).toEqual(
        traced.slice(0, 5).map((job) => job.trace),
      );
      const ended = await Promise.all(ids.slice(0, 5).map((id) => jobAt(storage, id)));
      expect(ended.map((job) => [job.state, job.trace])).toEqual(
        traced.slice(0, 5).map((job) => ["completed", job.trace]),
      );
    },
  );

  law(
    "a job that is replaced has the trace of whoever replaced it; one that is met keeps its own",
    async ({ storage }) => {
      const replacing = uniqueOn("debounced", { while: "waiting", onConflict: "replace" });
      const id = await enqueueOne(storage, { trace, unique: replacing });
      await enqueueOne(storage, { trace: otherTrace, unique: replacing });
      expect(await traceAt(storage, id)).toBe(otherTrace);
      await enqueueOne(storage, { trace, unique: replacing, runAt: t0 + 9 });
      expect(await traceAt(storage, id)).toBe(trace);
      await enqueueOne(storage, { unique: replacing, gates: laneOf("a") });
      expect(await traceAt(storage, id)).toBeNull();

      const idempotency = { key: "request", keptMs: 1_000 };
      for (const given of [{ unique: uniqueOn("held") }, { idempotency }]) {
        const held = await enqueueOne(storage, { trace, ...given });
        expect(await enqueueOne(storage, { trace: otherTrace, ...given })).toBe(held);
        expect(await traceAt(storage, held)).toBe(trace);
      }
    },
  );

  law("a producer may pass a trace's parent, and is refused what is none", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    const enqueue = async (options: object) =>
      (await producer.enqueue("work", "1", JSON.stringify(options))).id;
    const traced = { traceparent: parent };
    for (const options of [{}, { delay: "1m" }, { lane: "a" }]) {
      expect(await traceAt(storage, await enqueue({ ...options, ...traced }))).toBe(parent);
      expect(await traceAt(storage, await enqueue(options))).toBeNull();
    }
    const unique = { key: "k", while: "waiting", onConflict: "replace" };
    const id = await enqueue({ unique, traceparent: null });
    await enqueue({ unique, ...traced });
    expect(await traceAt(storage, id)).toBe(parent);
    await enqueue({ unique, delay: "1m" });
    expect(await traceAt(storage, id)).toBeNull();
    for (const options of refused) {
      await expectRefused(place, "INVALID_OPTION", producer.enqueue("work", "1", options), 7);
    }
  });
};
