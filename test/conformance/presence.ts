import { expect } from "vitest";
import type { WorkerReport } from "../../src/core/worker-record.ts";
import type { HeartModule, Heart } from "../../src/storage/contract/presence.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { eventually } from "./eventually.ts";
import { stateOf } from "./bring.ts";
import { aJob, claim, enqueueOne, hire, settleOne, single } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { orphansOf } from "./orphans.ts";

async function beatOf(storage: Storage, id: string): Promise<string | undefined> {
  return (await storage.listWorkers()).find((worker) => worker.id === id)?.beat;
}

/** Proves something with a heart, which is closed whatever happens. */
async function withHeart(open: () => Promise<Heart>, prove: (heart: Heart) => Promise<void>) {
  const heart = await open();
  try {
    await prove(heart);
  } finally {
    await heart.close();
  }
}

async function openModule(module: HeartModule | undefined): Promise<Heart> {
  if (module === undefined) throw new Error("There should be a heart module.");
  const { connect } = (await import(module.url)) as {
    connect: (data: unknown) => Promise<Heart>;
  };
  return await connect(structuredClone(module.data));
}

function aReport(given: Partial<WorkerReport> = {}): WorkerReport {
  return {
    lagMs: 0,
    rssBytes: 90_000_000,
    heapBytes: 40_000_000,
    running: 2,
    places: 50,
    jobs: ["12", "11"],
    passes: {
      prune: { ranAt: 1, tookMs: 2, rows: 3, runs: 4, total: 5, error: 'it\'s \u00fcber: "no"' },
    },
    ...given,
  };
}

export const presenceLaws: Chapter = (law) => {
  law("a registered worker is listed with what it said of itself", async ({ storage, connect }) => {
    const given = {
      host: "web-1",
      pid: 4_321,
      version: "1.2.3",
      bootId: "b-7",
      queues: ["default", "mails"],
      slots: { default: 10, mails: 3 },
      handlers: ["work", "send"],
      leaseMs: 12_345,
    };
    const id = await storage.registerWorker(given);
    expect(id).toMatch(/^\d+$/);
    expect(single(await (await connect()).listWorkers())).toMatchObject({ id, ...given });
  });

  law("a worker's duties are what it says last", async ({ storage }) => {
    const id = await hire(storage);
    const silent = { version: null, slots: {}, versions: {}, report: null };
    expect(single(await storage.listWorkers())).toMatchObject(silent);
    const duties = {
      queues: ["late"],
      slots: { late: 7 },
      handlers: ["inbox"],
      versions: { inbox: 3 },
    };
    await storage.describeWorker(id, duties);
    expect(single(await storage.listWorkers())).toMatchObject({ id, ...duties });
    expect((await storage.listQueues()).map(({ name }) => name)).toContain("late");
  });

  law("a worker's start is the database's time", async ({ storage }) => {
    const before = await storage.serverTime();
    await hire(storage);
    const { startedAt } = single(await storage.listWorkers());
    expect(startedAt).toBeGreaterThanOrEqual(before);
    expect(startedAt).toBeLessThanOrEqual(await storage.serverTime());
  });

  law("every registration has an id of its own, also of the same process", async ({ storage }) => {
    const first = await hire(storage);
    await storage.unregisterWorker(first);
    const second = await hire(storage);
    const third = await hire(storage);
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await storage.listWorkers()).map(({ id }) => id).toSorted()).toEqual(
      [second, third].toSorted(),
    );
  });

  law(
    "a worker reborn under the same host, process and boot is another: its former self's jobs are orphans",
    async ({ storage }) => {
      const former = await hire(storage);
      const id = await enqueueOne(storage);
      const job = single(await claim(storage, former));
      await storage.markWorkerDead(former, (await beatOf(storage, former)) ?? "");
      const reborn = await hire(storage);
      expect(reborn).not.toBe(former);
      const orphan = single(await orphansOf(storage, 10));
      expect(orphan.lease).toEqual(job.lease);
      const stolen = { ...job, lease: { ...job.lease, owner: reborn } };
      expect(await settleOne(storage, stolen, "completed")).toEqual({ outcome: "lease-lost" });
      expect((await storage.checkLeases([stolen.lease])).lost).toEqual([stolen.lease]);
      expect(await stateOf(storage, id)).toBe("running");
    },
  );

  law("a registration that replaces a lost one is to drain if that was", async ({ storage }) => {
    const [asked, quiet] = [await hire(storage), await hire(storage)];
    await storage.drainWorker(asked, "ada");
    for (const id of [asked, quiet]) {
      expect(await storage.markWorkerDead(id, (await beatOf(storage, id)) ?? "")).toBe(true);
    }
    // Whoever comes in between tidies up.
    await hire(storage);
    const drained = await hire(storage, { replaces: asked });
    const others = [
      await hire(storage, { replaces: quiet }),
      await hire(storage, { replaces: "x" }),
    ];
    const workers = await storage.listWorkers();
    const found = (id: string) => workers.find((worker) => worker.id === id);
    expect(found(drained)).toMatchObject({ state: "draining", drainedBy: "ada" });
    for (const id of others) expect(found(id)).toMatchObject({ state: "running", drainedBy: null });
    for (const id of [drained, asked]) {
      expect((await storage.readOrders(id, false)).drain, id).toEqual({ by: "ada" });
    }
  });

  law("registering makes the worker's queues known", async ({ storage }) => {
    await hire(storage, { queues: ["a", "b"] });
    await hire(storage, { queues: ["b", "c"] });
    expect((await storage.listQueues()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  law("registering leaves a paused queue paused", async ({ storage }) => {
    await storage.pauseQueue("default", true);
    await hire(storage);
    expect(await storage.listQueues()).toMatchObject([{ name: "default", paused: true }]);
  });

  law("unregistering removes the worker, and again is no error", async ({ storage }) => {
    const id = await hire(storage);
    await storage.unregisterWorker(id);
    await storage.unregisterWorker(id);
    await storage.unregisterWorker("999999999");
    expect(await storage.listWorkers()).toEqual([]);
  });

  law(
    "a live worker can be asked to drain, and its heartbeats hear of it",
    async ({ storage, connect }) => {
      const [id, other] = [await hire(storage), await hire(storage)];
      const operator = await connect();
      const shown = async () =>
        (await storage.listWorkers()).map(({ state, drainedBy }) => [state, drainedBy]);
      expect(await shown()).toEqual([
        ["running", null],
        ["running", null],
      ]);
      await withHeart(storage.openHeart, async (heart) => {
        expect(await operator.drainWorker(id, "ada")).toBe(true);
        expect(await heart.beat(id)).toBe("draining");
        expect(await heart.beat(other)).toBe("alive");
        // Whoever asks again changes nothing.
        expect(await operator.drainWorker(id, "bob")).toBe(true);
        expect(await heart.beat(id)).toBe("draining");
        expect(await shown()).toEqual([
          ["draining", "ada"],
          ["running", null],
        ]);
        expect((await storage.readOrders(id, false)).drain).toEqual({ by: "ada" });
        expect((await storage.readOrders(other, false)).drain).toBeNull();
        await storage.unregisterWorker(id);
        await storage.markWorkerDead(other, (await beatOf(storage, other)) ?? "");
        for (const gone of [id, other, "999999999", "nobody"]) {
          expect(await operator.drainWorker(gone, "ada")).toBe(false);
        }
        const reborn = await hire(storage);
        expect(await heart.beat(reborn)).toBe("alive");
        expect(await shown()).toEqual([["running", null]]);
      });
    },
  );

  law("every heartbeat gives the worker a beat it never had", async ({ storage }) => {
    const id = await hire(storage);
    await withHeart(storage.openHeart, async (heart) => {
      const beats = [await beatOf(storage, id)];
      for (let count = 0; count < 20; count++) {
        expect(await heart.beat(id)).toBe("alive");
        beats.push(await beatOf(storage, id));
      }
      expect(beats).not.toContain(undefined);
      expect(new Set(beats).size).toBe(21);
    });
  });

  law(
    "a heartbeat brings what the worker says of itself, and one that says nothing leaves it",
    async ({ storage, connect }) => {
      const id = await hire(storage);
      const other = await hire(storage);
      const reader = await connect();
      const reportOf = async (worker: string) =>
        (await reader.listWorkers()).find((each) => each.id === worker)?.report;
      await withHeart(storage.openHeart, async (heart) => {
        for (const given of [aReport({ lagMs: 3 }), aReport({ lagMs: 70_000, jobs: ["1", "2"] })]) {
          await heart.beat(id, given);
          expect(await reportOf(id)).toEqual(given);
          await heart.beat(id);
          expect(await reportOf(id)).toEqual(given);
        }
        expect(await reportOf(other)).toBeNull();
        await storage.unregisterWorker(id);
        expect(await heart.beat(id, aReport())).toBe("gone");
      });
      expect(await reportOf(await hire(storage))).toBeNull();
    },
  );

  law("a worker's silence is counted from its last beat, by the database", async ({ storage }) => {
    const id = await hire(storage);
    const silence = async () =>
      (await storage.listWorkers()).find((each) => each.id === id)?.lastBeatMs ?? Number.NaN;
    const hired = performance.now();
    const grown = await eventually("it has been silent", async () => {
      const waited = performance.now() - hired;
      const silent = await silence();
      return waited > 40 && { waited, silent };
    });
    // The clock that dates a file ticks no finer than this.
    expect(grown.silent).toBeGreaterThan(grown.waited - 20);
    await withHeart(storage.openHeart, async (heart) => {
      const began = performance.now();
      await heart.beat(id);
      expect(await silence()).toBeLessThan(performance.now() - began + 20);
    });
  });

  law("a heartbeat changes no other worker's beat", async ({ storage }) => {
    const [one, two] = [await hire(storage), await hire(storage)];
    const before = await beatOf(storage, two);
    await withHeart(storage.openHeart, async (heart) => {
      await heart.beat(one);
      expect(await beatOf(storage, two)).toBe(before);
    });
  });

  law(
    "a heartbeat of a worker that is dead or gone says so and revives nothing",
    async ({ storage }) => {
      const [dead, gone] = [await hire(storage), await hire(storage)];
      await storage.markWorkerDead(dead, (await beatOf(storage, dead)) ?? "");
      await storage.unregisterWorker(gone);
      await enqueueOne(storage);
      await withHeart(storage.openHeart, async (heart) => {
        for (const id of [dead, gone, "999999999"]) {
          expect(await heart.beat(id)).toBe("gone");
          expect(await claim(storage, id)).toEqual([]);
        }
      });
      expect(await storage.listWorkers()).toEqual([]);
    },
  );

  law("a worker is marked dead only by the beat it still has", async ({ storage }) => {
    const id = await hire(storage);
    const seen = (await beatOf(storage, id)) ?? "";
    await withHeart(storage.openHeart, async (heart) => {
      await heart.beat(id);
      expect(await storage.markWorkerDead(id, seen)).toBe(false);
      expect(await storage.listWorkers()).toHaveLength(1);
      expect(await heart.beat(id)).toBe("alive");
    });
    expect(await storage.markWorkerDead(id, (await beatOf(storage, id)) ?? "")).toBe(true);
    expect(await storage.listWorkers()).toEqual([]);
  });

  law("of those who mark a worker dead exactly one did it", async ({ storage, connect }) => {
    const other = await connect();
    const id = await hire(storage);
    const beat = (await beatOf(storage, id)) ?? "";
    const marks = [storage, other, storage, other].map((each) => each.markWorkerDead(id, beat));
    const done = (await Promise.all(marks)).filter(Boolean);
    expect(done).toHaveLength(1);
    expect(await storage.markWorkerDead(id, beat)).toBe(false);
    expect(await storage.markWorkerDead("999999999", beat)).toBe(false);
  });

  law("several hearts beat for several workers at once", async ({ storage }) => {
    const ids = await Promise.all([hire(storage), hire(storage), hire(storage)]);
    const hearts = await Promise.all(ids.map(() => storage.openHeart()));
    const beats = ids.flatMap((id) => hearts.map((heart) => heart.beat(id)));
    expect(await Promise.all(beats)).toEqual(beats.map(() => "alive"));
    await Promise.all(hearts.map((heart) => heart.close()));
  });

  law("a heart opened from its module beats as one on this thread", async ({ storage }) => {
    const id = await hire(storage);
    await withHeart(
      () => openModule(storage.heartModule),
      async (heart) => {
        const before = await beatOf(storage, id);
        expect(await heart.beat(id)).toBe("alive");
        expect(await beatOf(storage, id)).not.toBe(before);
        expect(await heart.beat("999999999")).toBe("gone");
      },
    );
  });

  law("a heart beats while a transaction holds the one writer", async (place) => {
    const { storage } = place;
    const id = await hire(storage);
    const application = await place.application();
    await withHeart(
      () => openModule(storage.heartModule),
      async (heart) => {
        await application.query("BEGIN");
        await storage.insertJobs([aJob()], application.tx);
        const before = await beatOf(storage, id);
        expect(await heart.beat(id)).toBe("alive");
        expect(await beatOf(storage, id)).not.toBe(before);
        await application.query("ROLLBACK");
      },
    );
    expect(await storage.listJobs({}, 10)).toEqual([]);
  });
};
