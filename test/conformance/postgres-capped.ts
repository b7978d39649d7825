import { expect } from "vitest";
import { cap, claimCapped, running } from "./capped.ts";
import type { Place } from "./harness.ts";
import { claim, enqueue, hire, settleOne, single, someJobs } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { pauseAt } from "./postgres-pause.ts";
import { second } from "./postgres-place.ts";

/** As if a maxRunning had been set a minute before it was. */
async function ageCap(place: Place): Promise<void> {
  await place.script(`UPDATE ${place.table("queue")} SET capped_since = capped_since - 60000`);
}

/** Makes a claim, and does something else after it has counted what runs and before it takes anything. */
async function claimWhile(place: Place, change: (owner: string) => Promise<unknown>) {
  const { storage } = place;
  await cap(storage, 2);
  const owner = await hire(storage);
  await enqueue(storage, ...someJobs(3));
  const { jobs: before } = await claimCapped(storage, owner, { limit: 1 });
  // The row of a job that has ended is cleared away by whoever counts next.
  await settleOne(storage, single(before), "completed");
  const other = await place.connect();
  const pause = await pauseAt(place, "its change of capped", second);
  const pending = await pause.arrive(() => claimCapped(other, owner));
  expect(pending.isSettled()).toBe(false);
  await change(owner);
  await pause.release();
  const { jobs } = await pending.promise;
  await pause.remove();
  return jobs;
}

/** How the function that claims from queues with a `maxRunning` sees what changes around it. */
export const postgresCappedLaws: Chapter = (law) => {
  law(
    "jobs that ran when maxRunning was set count, however late the first claim is",
    async (place) => {
      const { storage } = place;
      const owner = await hire(storage);
      await enqueue(storage, ...someJobs(9));
      const ran = await claim(storage, owner, { limit: 5 });
      await cap(storage, 2);
      await ageCap(place);
      await settleOne(storage, single(ran.slice(0, 1)), "completed");
      expect(await claimCapped(storage, owner)).toMatchObject({ jobs: [], room: 0, own: 4 });
      for (const job of ran.slice(1, 4)) await settleOne(storage, job, "completed");
      expect((await claimCapped(storage, owner)).jobs).toHaveLength(1);
      await cap(storage, null);
      await claim(storage, owner, { limit: 1 });
      await cap(storage, 3);
      await ageCap(place);
      expect(await claimCapped(storage, owner)).toMatchObject({ jobs: [], room: 0, own: 3 });
      expect(await running(storage)).toBe(3);
    },
  );

  law(
    "a capped claim takes nothing of a queue that is paused after it has counted",
    async (place) => {
      const jobs = await claimWhile(place, () => place.storage.pauseQueue("default", true));
      expect(jobs).toEqual([]);
    },
  );

  law("a capped claim takes nothing for a worker that dies after it has counted", async (place) => {
    const { storage } = place;
    const jobs = await claimWhile(place, async (owner) => {
      const worker = (await storage.listWorkers()).find(({ id }) => id === owner);
      expect(await storage.markWorkerDead(owner, worker?.beat ?? "")).toBe(true);
    });
    expect(jobs).toEqual([]);
  });
};
