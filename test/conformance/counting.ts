import { expect } from "vitest";
import { sumOfStates } from "../../src/core/job-search.ts";
import { type BulkRequest, readBulkRequest } from "../../src/core/operation.ts";
import type { JobConditions } from "../../src/core/job-filter.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring } from "./bring.ts";
import { enqueue, enqueueOne, hire, someJobs, claim, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { workOff } from "./operate.ts";

/** Counts stretch by stretch; gives the sum, and where the stretches ended. */
async function countAll(
  storage: Storage,
  query: JobConditions,
  lookAtMost: number,
  meanwhile?: () => Promise<unknown>,
) {
  const ends: (string | null)[] = [];
  let jobs = 0;
  for (let above: string | null = "0"; above !== null; ) {
    const { byState, reached } = await storage.countStretch(query, above, lookAtMost);
    jobs += sumOfStates(byState);
    above = reached;
    ends.push(reached);
    await meanwhile?.();
  }
  return { jobs, ends };
}

/** Stores an operation of which nothing is counted yet. */
async function startUncounted(storage: Storage, request: BulkRequest) {
  const asked = readBulkRequest("law", request, t0);
  return storage.startOperation({ ...asked, matched: 0, counted: "0" });
}

export const countingLaws: Chapter = (law) => {
  law("jobs of all states are counted a stretch at a time, each once", async (place) => {
    const { storage } = place;
    for (const state of ["completed", "discarded", "scheduled", "running"] as const) {
      await bring(place, state);
    }
    await enqueue(storage, ...someJobs(5));
    const ids = (await storage.listJobs({}, 10)).map(({ id }) => id).toReversed();
    const all = await countAll(storage, {}, 2);
    expect(all.jobs).toBe(9);
    expect(all.ends.slice(0, 2)).toEqual([ids[1], ids[3]]);
    expect(all.ends.at(-1)).toBeNull();
    const { byState } = await storage.countStretch({}, "0", 100);
    expect(byState).toEqual(await storage.countJobs({}));
    expect((await countAll(storage, { states: ["available"] }, 2)).jobs).toBe(byState.available);
    const [first = "", , third = ""] = ids;
    expect(await countAll(storage, { ids: [first, third, "999999"] }, 1)).toEqual({
      jobs: 2,
      ends: [null],
    });
    expect(await countAll(storage, { states: [] }, 1)).toEqual({ jobs: 0, ends: [null] });
  });

  law("a job that is claimed while all are counted is counted once", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(12));
    const { jobs } = await countAll(storage, {}, 3, () => claim(storage, owner, { limit: 2 }));
    expect(jobs).toBe(12);
  });

  law("an operation counts its jobs before it acts on any of them", async ({ storage }) => {
    await enqueue(storage, ...someJobs(6_000));
    const { id, ...begun } = await startUncounted(storage, { action: "cancel", filter: {} });
    expect(begun).toMatchObject({ matched: 0, atLeast: true });
    await enqueueOne(storage);
    expect(await storage.workOperation(100, t0)).toMatchObject({ jobs: 0 });
    const half = await storage.getOperation(id);
    expect(half).toMatchObject({ matched: 5_000, atLeast: true, done: 0 });
    await storage.workOperation(100, t0);
    expect(await storage.getOperation(id)).toMatchObject({
      matched: 6_000,
      atLeast: false,
      done: 0,
    });
    await workOff(storage, 1_000);
    expect(await storage.getOperation(id)).toMatchObject({
      state: "completed",
      matched: 6_000,
      done: 6_000,
    });
  });

  law("an operation that is stopped while it counts says that there may be more", async (place) => {
    const { storage } = place;
    await enqueue(storage, ...someJobs(3));
    const { id } = await startUncounted(storage, { action: "cancel", filter: {}, by: "ada" });
    await storage.cancelOperation(id, "bob", t0);
    expect(await storage.getOperation(id)).toMatchObject({ state: "cancelled", atLeast: true });
    expect(await storage.workOperation(100, t0)).toBeUndefined();
    const target = `operation:${id}`;
    const { entries } = await storage.listAudit({ target }, { limit: 1, lookAtMost: 9 });
    expect(entries).toMatchObject([{ details: { matched: 0, atLeast: true, done: 0 } }]);
  });

  law("of many who count, each stretch is added by one", async ({ storage, connect }) => {
    const other = await connect();
    await enqueue(storage, ...someJobs(12_000));
    const { id } = await startUncounted(storage, { action: "runNow", filter: {} });
    await Promise.all([storage, other, storage, other].map((each) => workOff(each)));
    await workOff(storage);
    expect(await storage.getOperation(id)).toMatchObject({ state: "completed", matched: 0 });
    const cancel = await startUncounted(storage, { action: "cancel", filter: {} });
    const isCounting = async () => (await storage.getOperation(cancel.id))?.atLeast === true;
    const step = async (each: Storage) => {
      while (await isCounting()) await each.workOperation(1, t0);
    };
    await Promise.all([storage, other].map(step));
    expect(await storage.getOperation(cancel.id)).toMatchObject({
      matched: 12_000,
      atLeast: false,
    });
  });

  law("a chunk looks at some thousand rows, however many do not match", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(12_000));
    await storage.startOperation({
      ...readBulkRequest("law", { action: "cancel", filter: { queue: "none" } }, t0),
      matched: 0,
      counted: null,
    });
    expect(await workOff(storage)).toHaveLength(3);
    const filter = { ids: [ids.at(-1) ?? ""] };
    await startUncounted(storage, { action: "cancel", filter });
    expect((await workOff(storage)).map(({ jobs }) => jobs)).toEqual([0, 1]);
  });
};
