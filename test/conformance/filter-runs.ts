import { expect } from "vitest";
import { type JobConditions, readFilter } from "../../src/core/job-filter.ts";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { settle } from "../../src/core/lifecycle.ts";
import { bring, jobAt } from "./bring.ts";
import { found } from "./filter.ts";
import { laneOf } from "./gates.ts";
import { aJob, enqueue, enqueueOne, runOne, settleOne, t0, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** An attempt of a job that failed. */
function attempt({ lease }: ClaimedJob, began: number, ended: number) {
  const { run, owner: worker } = lease;
  return { number: 1, run, worker, began, ended, how: "failed" } as const;
}

export const filterRunLaws: Chapter = (law) => {
  law("any one of several queues, names, tags and values will do", async ({ storage }) => {
    const ids = await enqueue(
      storage,
      aJob({ queue: "a", name: "x", tags: ["1", "2"], payload: '{"n":1}' }),
      aJob({ queue: "b", name: "xy", tags: ["2"], payload: '{"n":"1"}' }),
      aJob({ queue: "c*", name: "z", tags: [], payload: '{"n":null}' }),
      aJob({ queue: "d", name: "w", tags: ["3"], payload: '{"n":2}' }),
    );
    const at = (...places: readonly number[]) => places.map((place) => ids[place]);
    expect(await found(storage, { queue: ["a", "d"] })).toEqual(at(0, 3));
    expect(await found(storage, { queue: ["c*"] })).toEqual(at(2));
    expect(await found(storage, { name: ["x*", "z", "?"] })).toEqual(at(0, 1, 2));
    expect(await found(storage, { tag: ["1", "3"] })).toEqual(at(0, 3));
    expect(await found(storage, { tag: ["2"] })).toEqual(at(0, 1));
    expect(await found(storage, { payload: { n: [1, null] } })).toEqual(at(0, 2));
    expect(await found(storage, { payload: { n: ["1", 2] }, name: ["w", "x"] })).toEqual(at(3));
  });

  law("running longer than finds what runs, by when it was claimed", async (place) => {
    const { storage } = place;
    const { lease } = await runOne(storage);
    await bring(place, "completed", { queue: "q" });
    await bring(place, "available", { queue: "q" });
    expect(await found(storage, { runningLongerThan: "10s" }, t0 + 10_000)).toEqual([lease.id]);
    expect(await found(storage, { runningLongerThan: 10_001 }, t0 + 10_000)).toEqual([]);
    // Asked of storage as it is, without the states a filter leaves over.
    const plain: JobConditions = { claimedUntil: t0 };
    expect((await storage.listJobs(plain, 10)).map(({ id }) => id)).toEqual([lease.id]);
  });

  law("what the newest attempt took, and where it ran, is found", async ({ storage }) => {
    const plain = await runOne(storage);
    const ending = settle(plain, { kind: "completed" }, { now: t0 + 5_000, random: 0, began: t0 });
    await storage.settleJobs([ending], t0 + 5_000);
    const quick = await runOne(storage);
    await settleOne(storage, quick, "completed", { attempts: [attempt(quick, t0, t0 + 10)] });
    const failing = await runOne(storage);
    await settleOne(storage, failing, "retryable", {
      attempts: [attempt(failing, t0, t0 + 60_000), attempt(failing, t0, t0 + 3_000)],
    });
    const running = await runOne(storage);
    const fresh = await enqueueOne(storage);
    const plainId = plain.lease.id;
    expect((await jobAt(storage, plainId)).attempts).toHaveLength(1);
    expect(await found(storage, { tookLongerThan: 2_999 })).toEqual([plainId, failing.lease.id]);
    expect(await found(storage, { tookLongerThan: "4s" })).toEqual([plainId]);
    for (const { lease } of [plain, quick, failing, running]) {
      expect(await found(storage, { worker: lease.owner })).toEqual([lease.id]);
    }
    expect(await found(storage, { worker: "999" })).toEqual([]);
    expect(await found(storage, { worker: "x" })).not.toContain(fresh);
  });

  law(
    "rescued are those that a worker died with, now or in an attempt that is kept",
    async ({ storage }) => {
      const crashed = await runOne(storage);
      await settleOne(storage, crashed, "retryable", { crashes: 1 });
      const before = await runOne(storage);
      const lost = { ...attempt(before, t0, t0), how: "crashed" } as const;
      await settleOne(storage, before, "completed", { attempts: [lost, attempt(before, t0, t0)] });
      const never = await runOne(storage, { payload: '{"how":"crashed"}' });
      await settleOne(storage, never, "completed");
      const waiting = await enqueueOne(storage);
      const ids = [crashed.lease.id, before.lease.id];
      expect(await found(storage, { rescued: true })).toEqual(ids);
      expect(await found(storage, { rescued: false })).toEqual([never.lease.id, waiting]);
    },
  );

  law("a gate waited at and a unique key are found as they are", async ({ storage }) => {
    const ids = await enqueue(
      storage,
      aJob({ gates: laneOf("a") }),
      aJob({ gates: laneOf("a*") }),
      aJob({ unique: uniqueOn("k") }),
      aJob({ unique: uniqueOn("k*") }),
    );
    expect(await found(storage, { waitingFor: "lane:a" })).toEqual([ids[0]]);
    expect(await found(storage, { waitingFor: "lane:a*" })).toEqual([ids[1]]);
    expect(await found(storage, { waitingFor: "limit:a" })).toEqual([]);
    expect(await storage.listJobs({ gate: "lane:a" }, 9)).toHaveLength(1);
    expect(await found(storage, { uniqueKey: "k" })).toEqual([ids[2]]);
    expect(await found(storage, { uniqueKey: "k*" })).toEqual([ids[3]]);
    const bounded = readFilter("law", { uniqueKey: "k" }, t0);
    expect((await storage.searchJobs(bounded, { limit: 9, searchAtMost: 9 })).jobs).toHaveLength(1);
  });
};
