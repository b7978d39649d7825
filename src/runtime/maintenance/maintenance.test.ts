import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import { createBookings } from "../../service/bookings.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import type { SessionParts } from "../session-parts.ts";
import { startMaintenance } from "./maintenance.ts";
import { createPassBook } from "./pass-book.ts";

// The rescuer counts by the machine's clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] }));
afterEach(() => void vi.useRealTimers());

const pollMs = 15_000;
const nothing = { rows: 0, more: false };
const none = { ...nothing, queues: [], nextAt: null, undeclared: [] };
const agenda = { nextDueAt: null, nextTickAt: null, waiting: false, operating: false };

/** What a database with nothing to do answers. */
const idle = {
  promoteJobs: { ...nothing, queues: [], gates: [], ...agenda },
  admitWaiting: { ...none, waiting: false, partial: false },
  listWorkers: [{ id: "1", beat: "1", leaseMs: 30_000 }],
  listOrphans: [],
  findDueSchedules: { due: [], nextDueAt: null },
  workOperation: undefined,
  pruneJobs: nothing,
  rollUpStats: nothing,
  reclaimSpace: { moved: 0, pending: false },
};

/** The maintenance of a worker with the default options, and how often each question was asked. */
function start() {
  const answers: { [Name in keyof typeof idle]: unknown } = { ...idle };
  const asked: Partial<Record<keyof typeof idle, number>> = {};
  const names = Object.keys(idle) as (keyof typeof idle)[];
  const ask = (name: keyof typeof idle) => async () => {
    asked[name] = (asked[name] ?? 0) + 1;
    return answers[name];
  };
  const parts = {
    engine: {
      storage: Object.fromEntries(names.map((name) => [name, ask(name)])),
      clock: createManualClock(0),
      logger: recordingLogger(),
      bookings: createBookings(),
      refills: createBookings(),
      ticks: createBookings(),
    },
    settings: { heartbeatMs: 5_000, leaseMs: 30_000, maxCrashes: undefined },
    handlers: { gated: () => false },
    orders: { backoffOf: () => undefined },
    random: () => 0.5,
  };
  const maintenance = startMaintenance(parts as unknown as SessionParts, {
    workerId: "1",
    heartbeat: { steadyMs: () => Number.POSITIVE_INFINITY },
    passes: createPassBook(),
    poll: () => pollMs,
  });
  const stop = () => Promise.all(maintenance.all.map((pass) => pass.stop()));
  return { answers, asked, stop };
}

const after = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("in ten minutes with nothing to do it asks for the agenda and who is there, and hardly for anything else", async () => {
  const { asked, stop } = start();
  await after(600_000 - 1);
  expect(asked).toEqual({
    promoteJobs: 40,
    listWorkers: 60,
    listOrphans: 10,
    admitWaiting: 2,
    findDueSchedules: 2,
    workOperation: 2,
    pruneJobs: 2,
    rollUpStats: 2,
    reclaimSpace: 2,
  });
  await stop();
});

test.each([
  ["jobs are blocked", { waiting: true }, "admitWaiting", pollMs],
  ["a schedule is due", { nextTickAt: 0 }, "findDueSchedules", pollMs],
  ["an operation runs", { operating: true }, "workOperation", pollMs + 10_000],
] as const)("when %s, whoever is concerned looks", async (_, said, name, withinMs) => {
  const { answers, asked, stop } = start();
  await after(1);
  expect(asked[name]).toBe(1);
  answers.promoteJobs = { ...idle.promoteJobs, ...said };
  await after(withinMs);
  expect(asked[name]).toBe(2);
  await stop();
});

test("a look for orphans that was none is taken again with the next pass", async () => {
  const { answers, asked, stop } = start();
  answers.listOrphans = undefined;
  await after(30_001);
  expect(asked.listOrphans).toBe(4);
  answers.listOrphans = [];
  await after(40_000);
  expect(asked.listOrphans).toBe(5);
  await stop();
});
