import { expect } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { jobAt, stateOf } from "./bring.ts";
import {
  admitAt,
  claimIds,
  declare,
  endAndAdmit,
  expectSoundAdmission,
  laneOf,
  limitOf,
  passOver,
  serving,
} from "./gates.ts";
import { aJob, claim, enqueue, enqueueOne, hire, single, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const gates = laneOf("a");
const elsewhere = { gates, queue: "other" } as const;

/** Why a job of the queue `default` cannot run while one of the queue `other` can. */
const hindrances: Readonly<Record<string, (storage: Storage, owner: string) => Promise<unknown>>> =
  {
    "its queue is paused": async (storage) => {
      await hire(storage);
      await storage.pauseQueue("default", true);
    },
    "its queue cools": async (storage) => {
      await hire(storage);
      const now = { level: 0, closedUntil: 0 };
      await storage.coolQueue("default", now, { level: 1, closedUntil: t0 + 60_000 });
    },
    "no worker serves its queue": async () => {},
    "no worker has its handler": (storage) => hire(storage, { handlers: ["more"] }),
    "no worker understands its payload": (storage) => hire(storage, { versions: { work: 0 } }),
    "its only worker drains": async (storage) => {
      await storage.drainWorker(await hire(storage), null);
    },
    "its only worker is dead": async (storage) => {
      const dead = await hire(storage);
      const { beat } = single((await storage.listWorkers()).filter(({ id }) => id === dead));
      await storage.markWorkerDead(dead, beat);
    },
  };

/** Who may be let in: only who can run. */
export const runnableLaws: Chapter = (law) => {
  for (const [why, hinder] of Object.entries(hindrances)) {
    law(`a job does not enter its lane while ${why}, and others pass it`, async ({ storage }) => {
      const owner = await hire(storage, { queues: ["other"] });
      await hinder(storage, owner);
      const [held] = await enqueue(storage, ...someJobs(3, { gates }));
      expect(await admitAt(storage, gates)).toBe(0);
      expect(await passOver(storage)).toBe(0);
      const id = await enqueueOne(storage, elsewhere);
      expect(await admitAt(storage, gates)).toBe(1);
      expect(await claimIds(storage, owner)).toEqual([id]);
      expect(await stateOf(storage, held ?? "")).toBe("blocked");
    });
  }

  law("thousands that cannot run do not hide the one that can", async ({ storage }) => {
    const owner = await hire(storage, { queues: ["other"] });
    for (const name of ["work", "more", "none"]) {
      await enqueue(storage, ...someJobs(1_000, { gates, name }));
    }
    const id = await enqueueOne(storage, elsewhere);
    expect(await admitAt(storage, gates)).toBe(1);
    expect(await claimIds(storage, owner)).toEqual([id]);
  });

  law("the oldest goes first over all queues, names and versions that run", async ({ storage }) => {
    const owner = await hire(storage, { ...serving, versions: { work: 9, more: 9 } });
    const kinds = [
      { queue: "other", name: "work" },
      { queue: "default", name: "more" },
      { queue: "default", name: "work", version: 2 },
      { queue: "default", name: "work" },
      { queue: "other", name: "more" },
    ];
    const ids = await enqueue(
      storage,
      ...[...kinds, ...kinds].map((kind) => aJob({ ...kind, gates })),
    );
    const queues = ["default", "other"].map((queue) => ({ queue, limit: 9 }));
    for (const id of ids) {
      await admitAt(storage, gates);
      const job = single(await claim(storage, owner, { queues, handlers: { work: 9, more: 9 } }));
      expect(job.lease.id).toBe(id);
      await endAndAdmit(storage, job, "completed");
    }
  });

  law("a worker that comes is enough: the pass lets in what waited for it", async ({ storage }) => {
    const id = await enqueueOne(storage, { gates });
    expect(await passOver(storage)).toBe(0);
    const owner = await hire(storage);
    expect(await passOver(storage)).toBe(1);
    expect(await claimIds(storage, owner)).toEqual([id]);
  });

  law("a queue that goes on: the pass lets in what waited for it", async ({ storage }) => {
    const owner = await hire(storage);
    await storage.pauseQueue("default", true, t0);
    const id = await enqueueOne(storage, { gates });
    expect(await passOver(storage)).toBe(0);
    await storage.pauseQueue("default", false, t0);
    await passOver(storage);
    expect(await claimIds(storage, owner)).toEqual([id]);
  });

  law(
    "pausing a queue takes the lane from its job that has not started, at once",
    async ({ storage }) => {
      const owner = await hire(storage, serving);
      const held = await enqueueOne(storage, { gates });
      const next = await enqueueOne(storage, elsewhere);
      await admitAt(storage, gates);
      await storage.pauseQueue("default", true, t0);
      expect(await stateOf(storage, held)).toBe("blocked");
      expect(await claimIds(storage, owner)).toEqual([next]);
      await expectSoundAdmission(storage);
    },
  );

  law("a job sent back to wait comes first once its queue goes on", async ({ storage }) => {
    const owner = await hire(storage, serving);
    const scope = limitOf("s", 1);
    await declare(storage, { s: 2 });
    const ids = await enqueue(storage, ...someJobs(4, { gates: scope }));
    const other = await enqueueOne(storage, { gates: scope, queue: "other" });
    expect(await admitAt(storage, scope)).toBe(2);
    await storage.pauseQueue("default", true, t0);
    expect(await claimIds(storage, owner)).toEqual([other]);
    await storage.pauseQueue("default", false, t0);
    await passOver(storage);
    expect(await claimIds(storage, owner)).toEqual([ids[0]]);
    await expectSoundAdmission(storage);
  });

  law("a running job keeps its lane while its queue is paused", async ({ storage }) => {
    const owner = await hire(storage, serving);
    const running = await enqueueOne(storage, { gates });
    const next = await enqueueOne(storage, elsewhere);
    await admitAt(storage, gates);
    const job = single(await claim(storage, owner));
    await storage.pauseQueue("default", true, t0);
    expect(await passOver(storage)).toBe(0);
    expect(await stateOf(storage, running)).toBe("running");
    await endAndAdmit(storage, job, "completed");
    expect(await claimIds(storage, owner)).toEqual([next]);
  });

  for (const why of ["it cools", "its worker drains", "its worker has gone"] as const) {
    law(
      `a queue that stops because ${why}: the pass takes the lane from its job`,
      async ({ storage }) => {
        const only = await hire(storage);
        const owner = await hire(storage, { queues: ["other"] });
        await enqueueOne(storage, { gates });
        const next = await enqueueOne(storage, elsewhere);
        await admitAt(storage, gates);
        if (why === "it cools") {
          const now = { level: 0, closedUntil: 0 };
          await storage.coolQueue("default", now, { level: 1, closedUntil: t0 + 60_000 });
        } else if (why === "its worker drains") {
          await storage.drainWorker(only, null);
        } else {
          await storage.unregisterWorker(only);
        }
        await passOver(storage);
        expect(await claimIds(storage, owner)).toEqual([next]);
        await expectSoundAdmission(storage);
      },
    );
  }

  law("a job sent back to wait in several lanes frees each of them", async ({ storage }) => {
    const owner = await hire(storage, serving);
    const both = [...laneOf("a"), ...laneOf("b")];
    const id = await enqueueOne(storage, { gates: both });
    await admitAt(storage, both);
    const [one, two] = await enqueue(
      storage,
      aJob({ queue: "other", gates: laneOf("a") }),
      aJob({ queue: "other", gates: laneOf("b") }),
    );
    await storage.pauseQueue("default", true, t0);
    await passOver(storage);
    expect((await claimIds(storage, owner)).toSorted()).toEqual(
      [String(one), String(two)].toSorted(),
    );
    expect(await jobAt(storage, id)).toMatchObject({ state: "blocked", gates: both });
    await expectSoundAdmission(storage);
  });

  law(
    "those who cannot run are found among many who hold the same limit and can",
    async ({ storage }) => {
      await hire(storage, serving);
      await declare(storage, { s: 150 });
      const scope = limitOf("s");
      await enqueue(storage, ...someJobs(120, { gates: scope }));
      await enqueue(storage, ...someJobs(30, { gates: scope, queue: "other" }));
      expect(await admitAt(storage, scope)).toBe(150);
      await enqueue(storage, ...someJobs(40, { gates: scope }));
      const open = { level: 0, closedUntil: 0 };
      await storage.coolQueue("other", open, { level: 1, closedUntil: t0 + 60_000 });
      expect(await passOver(storage)).toBe(30);
      await expectSoundAdmission(storage);
    },
  );
};
