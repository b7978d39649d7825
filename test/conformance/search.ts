import { expect } from "vitest";
import { type JobFilter, readFilter } from "../../src/core/job-filter.ts";
import { type JobState, jobStates } from "../../src/core/job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring } from "./bring.ts";
import { laneOf } from "./gates.ts";
import { aJob, claim, enqueue, hire, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Every page of a search, as ids newest first, and the ids at which pages ended early. */
async function searched(
  storage: Storage,
  filter: JobFilter,
  { limit = 100, searchAtMost }: { readonly limit?: number; readonly searchAtMost: number },
) {
  const conditions = readFilter("law", filter, t0);
  const found: string[] = [];
  const stops: string[] = [];
  for (let after: string | undefined; ; ) {
    const bounds = { limit, after, searchAtMost };
    const { jobs, stoppedAt } = await storage.searchJobs(conditions, bounds);
    found.push(...jobs.map(({ id }) => id));
    if (stoppedAt !== null) stops.push(stoppedAt.id);
    after = stoppedAt?.id ?? (jobs.length === limit ? jobs.at(-1)?.id : undefined);
    if (after === undefined) return { found, stops };
  }
}

export const searchLaws: Chapter = (law) => {
  law(
    "a search looks at so many of the newest and goes on from where it stopped",
    async (place) => {
      const { storage } = place;
      const named = (name: string) => (_: unknown, at: number) =>
        aJob({ name, createdAt: t0 + at, runAt: t0 + 99 });
      const old = await enqueue(storage, ...Array.from({ length: 3 }, named("rare")));
      const many = await enqueue(storage, ...Array.from({ length: 10 }, named("plenty")));
      const conditions = readFilter("law", { name: "rare" }, t0);
      const first = await storage.searchJobs(conditions, { limit: 9, searchAtMost: 4 });
      expect(first).toEqual({ jobs: [], stoppedAt: { id: many[6], createdAt: t0 + 6 } });
      expect(await searched(storage, { name: "rare" }, { searchAtMost: 4 })).toEqual({
        found: old.toReversed(),
        stops: [many[6], many[2], old[1]],
      });
      expect(await searched(storage, { name: "rare" }, { searchAtMost: 13 })).toEqual({
        found: old.toReversed(),
        stops: [],
      });
      const all = [...old, ...many].toReversed();
      for (const limit of [1, 3, 4]) {
        expect((await searched(storage, {}, { limit, searchAtMost: 3 })).found).toEqual(all);
      }
    },
  );

  law("a search looks at tables only that hold jobs of its states", async (place) => {
    const { storage } = place;
    const ids = new Map<JobState, string>();
    const order = [...jobStates.filter((state) => state !== "available"), "available" as const];
    for (const state of order) ids.set(state, await bring(place, state));
    await enqueue(storage, ...someJobs(20));
    for (const state of jobStates.filter((each) => each !== "available")) {
      const { found, stops } = await searched(storage, { state }, { searchAtMost: 5 });
      expect(found, state).toEqual([ids.get(state)]);
      expect(stops, state).toEqual([]);
    }
    const none = readFilter("law", { state: "completed", error: "x" }, t0);
    expect(await storage.searchJobs(none, { limit: 5, searchAtMost: 5 })).toEqual({
      jobs: [],
      stoppedAt: null,
    });
    const both = await searched(
      storage,
      { state: ["running", "dead", "blocked"].filter(isState) },
      { searchAtMost: 100 },
    );
    expect(both.found).toEqual([ids.get("running"), ids.get("blocked")]);
  });

  law("running jobs are found behind however many newer ones that wait", async ({ storage }) => {
    const owner = await hire(storage);
    await enqueue(storage, ...someJobs(2), ...someJobs(1, { queue: "q", priority: 2 }));
    const running = (
      await claim(storage, owner, {
        queues: ["default", "q"].map((queue) => ({ queue, limit: 9 })),
      })
    ).map(({ lease }) => lease.id);
    expect(running).toHaveLength(3);
    await enqueue(storage, ...someJobs(30));
    const newestFirst = running.toSorted((a, b) => Number(b) - Number(a));
    const { found, stops } = await searched(storage, { state: "running" }, { searchAtMost: 4 });
    expect([found, stops]).toEqual([newestFirst, []]);
    const some = await searched(storage, { state: "running", queue: "q" }, { searchAtMost: 4 });
    expect(some.found).toEqual(
      newestFirst.filter((id) => id === running.at(-1) || some.found.includes(id)),
    );
    expect(some.found).toHaveLength(1);
    const counts = await storage.countUpTo(readFilter("law", {}, t0), 4);
    expect(counts.running).toEqual({ jobs: 3, atLeast: false });
    expect(counts.available).toEqual({ jobs: 4, atLeast: true });
    const asked = readFilter("law", { ids: running.slice(0, 2), state: "running" }, t0);
    expect((await storage.countUpTo(asked, 4)).running).toEqual({ jobs: 2, atLeast: false });
    expect((await storage.searchJobs(asked, { limit: 9, searchAtMost: 1 })).jobs).toHaveLength(2);
  });

  law("a count looks at so many of each table and says where there may be more", async (place) => {
    const { storage } = place;
    for (const state of ["completed", "cancelled", "retryable"] as const) await bring(place, state);
    await enqueue(storage, ...someJobs(3, { name: "rare" }), ...someJobs(6));
    const none = { jobs: 0, atLeast: false };
    const every = Object.fromEntries(jobStates.map((state) => [state, none]));
    const one = { jobs: 1, atLeast: false };
    expect(await storage.countUpTo(readFilter("law", {}, t0), 5)).toEqual({
      ...every,
      available: { jobs: 5, atLeast: true },
      completed: one,
      cancelled: one,
      retryable: one,
    });
    const rare = readFilter("law", { name: "rare" }, t0);
    expect(await storage.countUpTo(rare, 5)).toEqual({
      ...every,
      available: { jobs: 0, atLeast: true },
    });
    expect(await storage.countUpTo(rare, 20)).toEqual({
      ...every,
      available: { jobs: 3, atLeast: false },
    });
    expect(
      (await storage.countUpTo(readFilter("law", { state: "blocked" }, t0), 5)).available,
    ).toEqual(none);
  });

  law("queues are counted as far as asked, and say which counts stopped", async (place) => {
    const { storage } = place;
    for (const state of [
      ...jobStates.filter((each) => each !== "available"),
      "available",
    ] as const) {
      await bring(place, state, { queue: "one of each" });
    }
    await storage.pauseQueue("settings only", true, t0, "ada");
    const exact = await storage.listQueues();
    expect(await storage.countQueues(100)).toEqual(exact);
    expect(exact.flatMap(({ atLeast }) => atLeast)).toEqual([]);
    const gates = laneOf("deep");
    await enqueue(
      storage,
      ...someJobs(20, { queue: "deep" }),
      ...someJobs(9, { queue: "deep", gates }),
      ...someJobs(7, { queue: "deep", runAt: t0 + 1 }),
    );
    const owner = await hire(storage);
    await claim(storage, owner, { queues: [{ queue: "deep", limit: 3 }], limit: 3 });
    const deep = async (most: number) => {
      const [queue] = await storage.countQueues(most, "deep");
      const { available, running, blocked, scheduled, atLeast } = queue ?? (await fail());
      return { available, running, blocked, scheduled, atLeast };
    };
    const full = { available: 17, running: 3, blocked: 9, scheduled: 7 };
    expect(await deep(100)).toEqual({ ...full, atLeast: [] });
    const some = await deep(5);
    expect(some).toMatchObject({ running: 3, blocked: 5, scheduled: 5 });
    expect(some.available).toBeLessThanOrEqual(5);
    expect(some.atLeast).toEqual(["available", "blocked", "scheduled"]);
    expect(await storage.countQueues(5, "nowhere")).toEqual([]);
  });
};

async function fail(): Promise<never> {
  throw new Error("the queue is missing");
}

function isState(text: string): text is JobState {
  return jobStates.some((state) => state === text);
}
