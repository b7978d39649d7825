import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { claimedJob, policy } from "../../test/support/claimed-job.ts";
import { record } from "../../test/support/schedule-record.ts";
import { settle } from "../core/lifecycle.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Settlement } from "../core/settlement.ts";
import type { Transaction } from "../core/transaction.ts";
import type { SettleAnswer } from "../storage/contract/settle.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { type HintingStorage, withHints } from "./hinting-storage.ts";

const tx: Transaction = { query: async () => ({ rows: [], rowCount: 0 }) };

let woken: (readonly string[])[];
let finished: string[];
let booked: number[];
let wokenFor: number[];
let ticking: number[];
let gated: string[];
let answer: SettleAnswer;
let commit: () => Promise<void>;
let wakeTakes: Promise<void>;
let storage: HintingStorage;

/** The part of a storage that hints are about, frozen as a driver might. */
const driver = Object.freeze({
  kind: "sqlite",
  insertJobs: async (jobs: readonly NewJob[]) =>
    jobs.map(({ name }) => ({ id: "1", outcome: name === "held" ? "existing" : "enqueued" })),
  settleJobs: async (settlements: readonly Settlement[]) => settlements.map(() => answer),
  promoteJobs: async () => ({ gates: ["lane:due"] }),
  async transact(fn: (open: Transaction) => Promise<unknown>) {
    const value = await fn(tx);
    await commit();
    return value;
  },
  changeSchedules: async () => true,
  async fireSchedule(_change: unknown, jobs: readonly NewJob[]) {
    return { schedule: record(), receipts: jobs.map(() => ({ id: "1", outcome: "enqueued" })) };
  },
  async wake(queues: readonly string[], dueAt?: number) {
    woken.push(queues);
    if (dueAt !== undefined) wokenFor.push(dueAt);
    await wakeTakes;
  },
});

beforeEach(() => {
  woken = [];
  finished = [];
  answer = { outcome: "settled" };
  commit = async () => {};
  wakeTakes = Promise.resolve();
  booked = [];
  gated = [];
  wokenFor = [];
  ticking = [];
  storage = withHints(driver as unknown as Storage, {
    finished: (ids) => finished.push(...ids),
    booked: (dueAt) => booked.push(dueAt),
    ticking: (at) => ticking.push(at),
    gated: (gates) => gated.push(...gates),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function job(queue: string, given: Partial<NewJob> = {}): NewJob {
  return {
    name: "report",
    version: 1,
    queue,
    priority: 5,
    payload: "{}",
    createdAt: 10,
    runAt: 10,
    policy: policy(),
    unique: null,
    tags: [],
    ...given,
  };
}

function settled(id: string, outcome: Outcome): Settlement {
  const running = claimedJob({ lease: { id, owner: "7", run: 9 } });
  return settle(running, outcome, { now: 20, random: 0, began: 10 });
}

/** A transaction handed out here, whose commit is known. */
function inTransaction(...jobs: readonly NewJob[]): Promise<unknown> {
  return storage.transact((inside) => storage.insertJobs(jobs, inside));
}

const completed = (id: string) => settled(id, { kind: "completed" });

describe("a hinting storage", () => {
  test("is the driver in everything else", () => {
    expect(storage.kind).toBe("sqlite");
  });

  test("leaves the wakeup to the storage that commits by itself", async () => {
    await storage.insertJobs([job("a"), job("soon", { runAt: 30 })]);
    expect(woken).toEqual([]);
    expect(booked).toEqual([30]);
  });

  test("wakes the queues that got work, each once", async () => {
    const late = job("late", { runAt: 99 });
    await inTransaction(job("a"), job("b"), job("a"), late, job("held", { name: "held" }));
    expect(woken).toEqual([["a", "b"]]);
  });

  test("wakes no queue when nothing is due, but tells when something will be", async () => {
    await inTransaction(job("late", { runAt: 99 }), job("soon", { runAt: 30 }));
    expect(woken.flat()).toEqual([]);
    expect(booked).toEqual([30]);
  });

  test("sends one wakeup at a time and the rest together", async () => {
    let sent = () => {};
    wakeTakes = new Promise((resolve) => {
      sent = resolve;
    });
    for (const queue of ["a", "b", "c", "b"]) await inTransaction(job(queue));
    expect(woken).toEqual([["a"]]);
    const idle = storage.hinted();
    sent();
    await idle;
    expect(woken).toEqual([["a"], ["b", "c"]]);
  });

  test("rests between the wakeups of a stream, and sends one after the last commit", async () => {
    vi.useFakeTimers();
    for (let ms = 0; ms < 10; ms += 1) {
      for (let each = 0; each < 5; each += 1) await inTransaction(job("a"));
      await vi.advanceTimersByTimeAsync(1);
    }
    const before = woken.length;
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThanOrEqual(11);
    await inTransaction(job("last"));
    await vi.advanceTimersByTimeAsync(2);
    await storage.hinted();
    expect(woken.slice(before).flat()).toContain("last");
  });

  test("rests four times as long as a wakeup took", async () => {
    vi.useFakeTimers();
    wakeTakes = new Promise((resolve) => setTimeout(resolve, 5));
    await inTransaction(job("a"));
    await vi.advanceTimersByTimeAsync(5);
    await inTransaction(job("b"));
    await vi.advanceTimersByTimeAsync(19);
    expect(woken).toEqual([["a"]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toEqual([["a"], ["b"]]);
    await vi.advanceTimersByTimeAsync(1);
    await inTransaction(job("c"));
    expect(woken, "at once after a rest").toEqual([["a"], ["b"], ["c"]]);
  });

  test("tells of finished jobs, and only of those really settled", async () => {
    await storage.settleJobs([completed("1"), settled("2", { kind: "released" })], 20);
    answer = { outcome: "lease-lost" };
    await storage.settleJobs([completed("3")], 20);
    expect(finished).toEqual(["1"]);
  });

  test("tells when the first of the jobs put off is due again", async () => {
    const later = (id: string, runAt: number) => settled(id, { kind: "snoozed", runAt });
    await storage.settleJobs([later("1", 90), later("2", 50), completed("3")], 20);
    expect(booked).toEqual([50]);
  });

  test("keeps a transaction's hints until its commit", async () => {
    commit = async () => {
      expect(woken).toEqual([]);
      expect([finished, booked]).toEqual([[], []]);
    };
    await storage.transact(async (open) => {
      expect(storage.isOpen(open)).toBe(true);
      await storage.insertJobs([job("a"), job("late", { runAt: 99 })], open);
      await storage.settleJobs([completed("1")], 20, open);
    });
    expect(booked).toEqual([99]);
    expect(storage.isOpen(tx)).toBe(false);
    expect(woken).toEqual([["a"]]);
    expect(finished).toEqual(["1"]);
  });

  test("forgets a transaction's hints when it fails", async () => {
    commit = async () => {
      throw new Error("refused");
    };
    const failing = storage.transact((open) => storage.insertJobs([job("a")], open));
    await expect(failing).rejects.toThrow("refused");
    expect(woken).toEqual([]);
  });

  describe("names gates", () => {
    const gates = [
      { gate: "lane:a", weight: 1 },
      { gate: "limit:b", weight: 2 },
    ];

    test("at which jobs due now wait, and wakes nobody for them", async () => {
      const held = job("a", { gates, name: "held" });
      await storage.insertJobs([job("a", { gates }), held, job("a", { gates, runAt: 30 })]);
      await inTransaction(job("a", { gates }));
      expect(gated).toEqual(["lane:a", "lane:a"]);
      expect(woken).toEqual([]);
    });

    test("that settled jobs have left, but not those of one that was given back", async () => {
      const running = claimedJob({ gates });
      const facts = { now: 20, random: 0, began: 10 };
      const kinds = [{ kind: "released" }, { kind: "completed" }] as const;
      await storage.settleJobs(
        kinds.map((outcome) => settle(running, outcome, facts)),
        20,
      );
      expect(gated).toEqual(["lane:a", "limit:b"]);
      answer = { outcome: "lease-lost" };
      await storage.settleJobs([settle(running, { kind: "completed" }, facts)], 20);
      expect(gated).toHaveLength(2);
    });

    test("of jobs that have become due", async () => {
      await storage.promoteJobs(10, 20);
      expect(gated).toEqual(["lane:due"]);
    });

    test("of a job that queues up anew, which is booked for no moment", async () => {
      const facts = { now: 20, random: 0, began: 10 };
      const again = settle(claimedJob({ gates }), { kind: "rescheduled", runAt: 20 }, facts);
      await storage.settleJobs([again], 20);
      expect(gated).toEqual(["lane:a", "limit:b"]);
      expect(booked).toEqual([]);
    });
  });

  test("tells workers here and elsewhere of the first tick of schedules that were changed", async () => {
    const put = (dueAt: number | null) => ({ name: "a", from: null, to: record({ dueAt }) });
    await storage.changeSchedules([
      put(900),
      put(null),
      put(300),
      { name: "b", from: record(), to: null },
    ]);
    await storage.hinted();
    expect({ ticking, woken, wokenFor }).toEqual({ ticking: [300], woken: [[]], wokenFor: [300] });
    await storage.changeSchedules([put(null)]);
    expect(ticking).toHaveLength(1);
  });

  test("follows a tick as it follows an insert", async () => {
    const gates = [{ gate: "lane:a", weight: 1 }];
    const change = { name: "a", from: record() };
    const jobs = [job("a"), job("b", { gates }), job("c", { runAt: 40 })];
    await storage.fireSchedule(change, jobs, () => record());
    expect({ gated, booked, woken }).toEqual({ gated: ["lane:a"], booked: [40], woken: [] });
  });

  test("says nothing of a transaction it did not open", async () => {
    await storage.insertJobs([job("a")], {});
    await storage.settleJobs([completed("1")], 20, {});
    expect(woken).toEqual([]);
    expect(finished).toEqual([]);
  });
});
