import { expect } from "vitest";
import { type JobState, jobStates } from "../../src/core/job.ts";
import { land } from "../../src/core/landing.ts";
import type { TransferRecord } from "../../src/core/transfer-record.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { transferTables } from "../../src/storage/shared/transfer-tables.ts";
import { record } from "../support/schedule-record.ts";
import { bring, stateOf } from "./bring.ts";
import { laneOf } from "./gates.ts";
import type { Place } from "./harness.ts";
import {
  aJob,
  claim,
  claimOne,
  dayMs,
  enqueue,
  enqueueOne,
  hire,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";

/** What means nothing elsewhere: which child of the ring, which claim, since when a queue's jobs are counted here. */
const ofThisDatabase: Readonly<Record<string, readonly string[]>> = {
  live: ["slot", "claim"],
  queue: ["capped_since", "adopted_at"],
};

/** Everything a database hands out. */
async function exported(storage: Storage) {
  const records: TransferRecord[] = [];
  const drawn = await storage.exportRecords((some) => void records.push(...some));
  return { records, drawn };
}

/** Removes everything, and stores what was handed out in what is then an empty database. */
async function moveOver(
  storage: Storage,
  { records, drawn }: Awaited<ReturnType<typeof exported>>,
) {
  await storage.dropSchema();
  await storage.migrate();
  const landed = records.map((each) => land(each, t0));
  await storage.importRecords([landed.slice(0, 3), [], landed.slice(3)], drawn);
  return landed;
}

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 vendor=a";

/** A job in each state, and what stands around them. */
async function fill(place: Place): Promise<Readonly<Record<JobState, string>>> {
  const { storage } = place;
  const ids: Partial<Record<JobState, string>> = {};
  const full = {
    payload: '{"n":12345678901234567890,"é":"\\u0000 is text"}',
    tags: ["a", "b"],
    trace,
  };
  // Claims take the oldest, so what runs comes before what waits.
  for (const state of [
    "running",
    "completed",
    "discarded",
    "retryable",
    "cancelled",
    "scheduled",
    "blocked",
    "available",
  ] as const) {
    ids[state] = await bring(place, state, {
      ...full,
      priority: 3,
      unique: uniqueOn(`key ${state}`),
    });
  }
  await enqueueOne(storage, { idempotency: { key: "request", keptMs: 1_000 } });
  await storage.pauseQueue("slow", true);
  await storage.updateQueue("slow", { maxRunning: 7, concurrency: 3 }, { now: t0, by: "ops" });
  await storage.declareScopes([{ scope: "api", concurrent: 2, rate: null }]);
  const nightly = record({ name: "nightly", lastJob: ids.completed ?? null, revision: 3 });
  await storage.changeSchedules([{ name: "nightly", from: null, to: nightly }]);
  return ids as Readonly<Record<JobState, string>>;
}

const sorted = (records: readonly TransferRecord[]) =>
  records.map((each) => JSON.stringify(each)).sort();

/** Keys hold, new numbers are above the old ones, and lines are in the order they had. */
async function expectNumbersAndKeys(storage: Storage, ids: Awaited<ReturnType<typeof fill>>) {
  const [held] = await storage.insertJobs([aJob({ unique: uniqueOn("key blocked") })]);
  expect(held).toMatchObject({ id: ids.blocked, outcome: "existing" });
  const named = { key: "request", keptMs: 1_000 };
  const [again] = await storage.insertJobs([aJob({ idempotency: named })]);
  expect(again).toMatchObject({ outcome: "existing" });
  const newest = await enqueueOne(storage, { priority: 3 });
  const all = (await storage.listJobs({}, 100)).map(({ id }) => BigInt(id));
  expect(all.every((id) => id <= BigInt(newest))).toBe(true);
  const taken = await claim(storage, await hire(storage), { limit: 3 });
  expect(taken.map(({ lease }) => lease.id)).toEqual([ids.running, ids.available, newest]);
}

export const transferLaws: Chapter = (law) => {
  law(
    "everything handed out and stored again is as it was, keys and places in line too, but for what ran",
    async (place) => {
      const { storage } = place;
      await storage.migrate();
      const ids = await fill(place);
      const before = await storage.listJobs({}, 100);
      const handedOut = await exported(storage);
      expect(new Set(handedOut.records.map(({ fields }) => fields["state"]))).toEqual(
        new Set([...jobStates, undefined]),
      );
      const landed = await moveOver(storage, handedOut);
      const there = await exported(storage);
      expect(sorted(there.records)).toEqual(sorted(landed));
      // Whoever takes it from there in turn begins above these too.
      expect(there.drawn).toEqual(handedOut.drawn);

      const after = await storage.listJobs({}, 100);
      const still = ({ id }: { readonly id: string }) => id !== ids.running;
      expect(after.filter(still)).toEqual(before.filter(still));
      expect(await storage.getJob(ids.running)).toMatchObject({
        state: "available",
        attempt: 0,
        run: 1,
      });
      const slow = (await storage.listQueues()).find(({ name }) => name === "slow");
      expect(slow).toMatchObject({ paused: true, maxRunning: 7, concurrency: 3 });
      expect(await storage.listScopes()).toMatchObject([{ scope: "api", concurrent: 2 }]);
      expect(await storage.getSchedule("nightly")).toMatchObject({ lastJob: ids.completed });
      await expectNumbersAndKeys(storage, ids);
      expect((await storage.pruneJobs(100, t0 + 6 * dayMs)).rows).toBe(0);
      await storage.pruneJobs(100, t0 + 9 * dayMs);
      expect(await storage.getJob(ids.completed)).toBeUndefined();
    },
    "empty",
  );

  law(
    "what was asked to stop while it ran is cancelled where it comes to, and what had been let in waits at its gate again",
    async ({ storage }) => {
      await storage.migrate();
      const asked = await enqueueOne(storage);
      await claimOne(storage);
      await storage.cancelJob(asked, stop);
      const gated = await enqueueOne(storage, { gates: laneOf("l") });
      await storage.admitJobs(["lane:l"], t0);
      expect(await storage.getJob(gated)).toMatchObject({ state: "available" });
      await moveOver(storage, await exported(storage));
      expect(await storage.getJob(asked)).toMatchObject({
        state: "cancelled",
        reason: { code: "JOB_CANCELLED", message: stop.why, by: stop.by },
      });
      expect(await storage.getJob(gated)).toMatchObject({ state: "blocked", waitingFor: "lane:l" });
      await hire(storage);
      await storage.admitJobs(["lane:l"], t0);
      expect(await storage.getJob(gated)).toMatchObject({ state: "available" });
    },
    "empty",
  );

  law(
    "more than a page comes over whole, and nothing that was stored meanwhile",
    async ({ storage }) => {
      await storage.migrate();
      await storage.insertJobs(someJobs(502));
      await storage.insertJobs(someJobs(502, { runAt: t0 + 1 }));
      const records: TransferRecord[] = [];
      let meanwhile: Promise<unknown> | undefined;
      const drawn = await storage.exportRecords((some) => {
        records.push(...some);
        meanwhile ??= storage.insertJobs(someJobs(3, { runAt: t0 + 1 }));
      });
      await meanwhile;
      expect(records).toHaveLength(1_004);
      await moveOver(storage, { records, drawn });
      expect(await storage.countJobs({})).toMatchObject({ available: 502, scheduled: 502 });
    },
    "empty",
  );

  law(
    "operations act on what was brought in",
    async ({ storage }) => {
      await storage.migrate();
      const ids = await enqueue(storage, ...someJobs(3));
      await moveOver(storage, await exported(storage));
      const { id } = await start(storage, { action: "cancel", filter: {} });
      await workOff(storage);
      expect(await storage.getOperation(id)).toMatchObject({ matched: 3, done: 3 });
      expect(await stateOf(storage, ids[2] ?? "")).toBe("cancelled");
    },
    "empty",
  );

  law("no column of what moves is forgotten", async ({ storage, application, table }) => {
    const { query } = await application();
    for (const { name, columns } of transferTables) {
      const rows = await query(
        storage.kind === "sqlite"
          ? `SELECT name FROM pragma_table_info('${table(name)}')`
          : `SELECT attname AS name FROM pg_attribute
             WHERE attrelid = '${table(name)}'::regclass AND attnum > 0 AND NOT attisdropped`,
      );
      const told = [...Object.keys(columns), ...(ofThisDatabase[name] ?? [])];
      const known = rows.map((row) => String(row["name"]));
      expect(
        known.filter((column) => !told.includes(column)),
        name,
      ).toEqual([]);
    }
  });

  law("a database with jobs takes nothing in", async ({ storage }) => {
    const id = await enqueueOne(storage);
    const handedOut = await exported(storage);
    await expect(storage.importRecords([handedOut.records], handedOut.drawn)).rejects.toMatchObject(
      {
        code: "DATABASE_NOT_EMPTY",
      },
    );
    expect(single(await storage.listJobs({}, 10))).toMatchObject({ id, state: "available" });
  });

  law(
    "what fails half way leaves nothing",
    async ({ storage }) => {
      await storage.migrate();
      await storage.insertJobs(someJobs(3));
      const { records, drawn } = await exported(storage);
      await storage.dropSchema();
      await storage.migrate();
      function* broken() {
        yield records.slice(0, 2);
        throw new Error("the file cannot be read");
      }
      await expect(storage.importRecords(broken(), drawn)).rejects.toThrow();
      expect(await storage.listJobs({}, 10)).toEqual([]);
      await expect(enqueueOne(storage)).resolves.toBe("1");
    },
    "empty",
  );
};
