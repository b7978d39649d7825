import { expect } from "vitest";
import type { ScheduleChange } from "../../src/core/schedule-change.ts";
import type { ScheduleRecord } from "../../src/core/schedule.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { record } from "../support/schedule-record.ts";
import { aJob, claim, enqueueOne, hire, single, t0, uniqueOn } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const minute = 60_000;

/** A schedule that is due at `t0`, but for what is given. */
function aSchedule(name: string, given: Partial<ScheduleRecord> = {}): ScheduleRecord {
  return record({ name, nextAt: t0, dueAt: t0, revision: 7, createdAt: t0, ...given });
}

const added = (to: ScheduleRecord): ScheduleChange => ({ name: to.name, from: null, to });

async function add(storage: Storage, ...schedules: readonly ScheduleRecord[]): Promise<void> {
  expect(await storage.changeSchedules(schedules.map(added))).toBe(true);
}

async function get(storage: Storage, name: string): Promise<ScheduleRecord> {
  const found = await storage.getSchedule(name);
  if (found === undefined) throw new Error(`There is no schedule ${name}.`);
  return found;
}

/** Fires one job of a schedule as it was seen. */
function fire(storage: Storage, from: ScheduleRecord, jobs = [aJob({ runAt: t0 - 5 })]) {
  return storage.fireSchedule({ name: from.name, from }, jobs, (receipts) => ({
    ...from,
    nextAt: t0 + minute,
    dueAt: t0 + minute,
    lastAt: t0,
    lastOutcome: receipts.at(-1)?.outcome ?? "missed",
    lastJob: receipts.at(-1)?.id ?? null,
  }));
}

/** Writing schedules, and reading them. */
export const scheduleLaws: Chapter = (law) => {
  law("a schedule is there as it was written, every field of it", async ({ storage }) => {
    const full = aSchedule('"the" ünusual; name', {
      group: "mail",
      plan: '{ "kept":  "as text" }',
      pausedAt: t0 + 1,
      pausedBy: "ada",
      dueAt: t0 + 2,
      nextAt: t0 + 3,
      lastAt: t0 + 4,
      lastOutcome: "overlap",
      lastJob: "12",
      failure: { code: "X", message: "no", at: t0, tries: 2 },
      changedAt: t0 + 5,
    });
    await add(storage, full, aSchedule("b"));
    expect(await storage.getSchedule(full.name)).toEqual(full);
    expect(await storage.getSchedule("nobody")).toBeUndefined();
    const { schedules, groups } = await storage.listSchedules();
    expect(schedules.map(({ name }) => name)).toEqual([full.name, "b"]);
    expect(schedules[0]).toEqual(full);
    expect(groups).toEqual([]);
  });

  law(
    "a write counts only for what was seen, and raises the revision by one",
    async ({ storage }) => {
      const first = aSchedule("a");
      await add(storage, first);
      const change = (from: ScheduleRecord | null, to: ScheduleRecord | null) =>
        storage.changeSchedules([{ name: "a", from, to }]);
      const paused = { ...first, pausedAt: t0, dueAt: null };
      expect(await change(null, first)).toBe(false);
      expect(await change(first, paused)).toBe(true);
      expect(await change(first, paused)).toBe(false);
      expect(await change(first, null)).toBe(false);
      const second = await get(storage, "a");
      expect(second).toEqual({ ...paused, revision: 8 });
      expect(await change(second, null)).toBe(true);
      expect(await change(second, null)).toBe(false);
      expect(await storage.getSchedule("a")).toBeUndefined();
    },
  );

  law("of changes one of which was not seen as it is, none is made", async ({ storage }) => {
    const [a, b] = [aSchedule("a"), aSchedule("b")];
    await add(storage, a, b);
    const stale = { ...b, revision: 6 };
    const changes: ScheduleChange[] = [
      { name: "a", from: a, to: null },
      { name: "b", from: stale, to: { ...b, pausedBy: "eve" } },
      added(aSchedule("c")),
    ];
    expect(await storage.changeSchedules(changes)).toBe(false);
    expect((await storage.listSchedules()).schedules).toEqual([a, b]);
  });

  law("a group is written with its schedules, and only as it was seen", async ({ storage }) => {
    const mark = (version: number | null, revision: number) => ({
      name: "mail",
      version,
      revision,
    });
    const write = (from: ReturnType<typeof mark> | null, version: number | null, name: string) =>
      storage.changeSchedules([added(aSchedule(name, { group: "mail" }))], {
        name: "mail",
        from,
        version,
      });
    expect(await write(null, null, "a")).toBe(true);
    expect(await write(null, 1, "b")).toBe(false);
    expect((await storage.listSchedules()).groups).toEqual([mark(null, 1)]);
    expect(await write(mark(null, 1), 1_764_000_000_000, "b")).toBe(true);
    expect(await write(mark(null, 1), 5, "c")).toBe(false);
    const { schedules, groups } = await storage.listSchedules();
    expect(groups).toEqual([mark(1_764_000_000_000, 2)]);
    expect(schedules.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  law(
    "many who declare the same at once: one writes, and nobody fails",
    async ({ storage, connect }) => {
      const storages = [storage, await connect(), await connect()];
      const answers = await Promise.all(
        storages.flatMap((each) =>
          [0, 1].map(() =>
            each.changeSchedules([added(aSchedule("a")), added(aSchedule("b"))], {
              name: "mail",
              from: null,
              version: 1,
            }),
          ),
        ),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
    },
  );

  law("those due are given, longest due first, and when the next is", async ({ storage }) => {
    await add(
      storage,
      aSchedule("later", { dueAt: t0 + 5 }),
      aSchedule("b"),
      aSchedule("a"),
      aSchedule("oldest", { dueAt: t0 - 1 }),
      aSchedule("retried", { nextAt: t0 - 9, dueAt: t0 + 2 }),
      aSchedule("paused", { pausedAt: t0, nextAt: null, dueAt: null }),
    );
    const names = async (limit: number, now: number) => {
      const { due, nextDueAt } = await storage.findDueSchedules(limit, now);
      return [due.map(({ name }) => name), nextDueAt];
    };
    expect(await names(10, t0 - 2)).toEqual([[], t0 - 1]);
    expect(await names(10, t0)).toEqual([["oldest", "a", "b"], t0 + 2]);
    expect(await names(2, t0)).toEqual([["oldest", "a"], t0 + 2]);
    expect((await names(10, t0 + 5))[1]).toBeNull();
  });

  law("whoever promotes hears of the next tick, due or not", async ({ storage }) => {
    expect((await storage.promoteJobs(10, t0)).nextTickAt).toBeNull();
    await add(storage, aSchedule("a", { dueAt: t0 + 5 }), aSchedule("paused", { dueAt: null }));
    expect((await storage.promoteJobs(10, t0)).nextTickAt).toBe(t0 + 5);
    await enqueueOne(storage, { runAt: t0 + 1 });
    expect(await storage.promoteJobs(10, t0 + 9)).toMatchObject({ rows: 1, nextTickAt: t0 + 5 });
  });
};

/** Firing ticks. */
export const tickLaws: Chapter = (law) => {
  law(
    "a tick writes its schedule and stores its job, due at its own time, at once",
    async ({ storage }) => {
      const from = aSchedule("a");
      await add(storage, from);
      const fired = await fire(storage, from);
      const id = single(fired?.receipts ?? []).id;
      expect(fired?.schedule).toEqual(await get(storage, "a"));
      expect(fired?.schedule).toMatchObject({
        revision: 8,
        lastAt: t0,
        lastOutcome: "enqueued",
        lastJob: id,
      });
      expect(await storage.getJob(id)).toMatchObject({
        state: "available",
        runAt: t0 - 5,
        createdAt: t0,
      });
      expect(single(await claim(storage, await hire(storage))).lease.id).toBe(id);
    },
  );

  law("however many fire a tick at once, it makes one job", async ({ storage, connect }) => {
    const storages = [storage, await connect(), await connect()];
    const from = aSchedule("a");
    await add(storage, from);
    const answers = await Promise.all(
      storages.flatMap((each) => [fire(each, from), fire(each, from)]),
    );
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
    expect(await fire(storage, from)).toBeUndefined();
    expect(await storage.countJobs({})).toMatchObject({ available: 1 });
    expect((await get(storage, "a")).revision).toBe(8);
  });

  law(
    "a tick of a schedule that was changed or removed meanwhile makes no job",
    async ({ storage }) => {
      const [a, b] = [aSchedule("a"), aSchedule("b")];
      await add(storage, a, b);
      await storage.changeSchedules([
        { name: "a", from: a, to: { ...a, pausedAt: t0 } },
        { name: "b", from: b, to: null },
      ]);
      expect(await fire(storage, a)).toBeUndefined();
      expect(await fire(storage, b)).toBeUndefined();
      expect(await storage.listJobs({}, 10)).toEqual([]);
    },
  );

  law("a tick whose job is refused leaves its schedule as it was", async ({ storage }) => {
    await enqueueOne(storage, { unique: uniqueOn("k") });
    const from = aSchedule("a");
    await add(storage, from);
    const refused = aJob({ unique: uniqueOn("k", { onConflict: "error" }) });
    await expect(fire(storage, from, [aJob(), refused])).rejects.toMatchObject({
      code: "UNIQUE_CONFLICT",
    });
    expect(await get(storage, "a")).toEqual(from);
    expect(await storage.listJobs({}, 10)).toHaveLength(1);
    const held = await fire(storage, from, [aJob({ unique: uniqueOn("k") })]);
    expect(held).toMatchObject({
      schedule: { lastOutcome: "existing" },
      receipts: [{ outcome: "existing" }],
    });
  });

  law("schedules that are passed over are not in the way of others", async ({ storage }) => {
    for (const name of ["a", "b", "c"]) await add(storage, aSchedule(name));
    const named = async (limit: number, except?: readonly string[]) =>
      (await storage.findDueSchedules(limit, t0, except)).due.map(({ name }) => name);
    expect(await named(2)).toEqual(["a", "b"]);
    expect(await named(2, ["a", "b", "x"])).toEqual(["c"]);
    expect(await named(2, ["a", "b", "c"])).toEqual([]);
  });

  law("many ticks store a job each, and none is fine too", async ({ storage }) => {
    const from = aSchedule("a");
    await add(storage, from);
    const jobs = Array.from({ length: 1_060 }, (_, n) => aJob({ payload: String(n) }));
    const fired = await fire(storage, from, jobs);
    expect(fired?.receipts).toHaveLength(1_060);
    const again = await fire(storage, fired?.schedule ?? from, []);
    expect(again).toMatchObject({ schedule: { revision: 9, lastOutcome: "missed" }, receipts: [] });
  });

  law("a job with gates waits to be let in", async ({ storage }) => {
    const from = aSchedule("a");
    await add(storage, from);
    const gates = [{ gate: "lane:x", weight: 1 }];
    const fired = await fire(storage, from, [aJob({ gates })]);
    const id = single(fired?.receipts ?? []).id;
    expect((await storage.getJob(id))?.state).toBe("blocked");
  });

  law("whoever waits for its queue is woken", async ({ storage }) => {
    const from = aSchedule("a");
    await add(storage, from);
    const woken: string[] = [];
    const ear = await storage.listen({
      onWork: (queues) => void woken.push(...queues),
      onCancel() {},
    });
    await fire(storage, from);
    await ear.stop();
    expect(woken).toContain("default");
  });
};
