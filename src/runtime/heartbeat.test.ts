import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type RecordingLogger, recordingLogger } from "../../test/support/recording-logger.ts";
import type { BeatAnswer, Heart, PresenceStore } from "../storage/contract/presence.ts";
import { createHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { createPassBook } from "./maintenance/pass-book.ts";
import { createVitalSigns } from "./vital-signs.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const everyMs = 500;
const leaseMs = 3_000;
const alive = (): Promise<BeatAnswer> => Promise.resolve("alive");
const fails = (): Promise<BeatAnswer> => Promise.reject(new Error("unreachable"));

interface Bench {
  readonly heartbeat: Heartbeat;
  readonly log: RecordingLogger;
  /** What a beat does from now on. */
  beat: () => Promise<BeatAnswer>;
  beats: number;
  opened: number;
  closed: number;
  lost: number;
}

/** Heartbeats on the main thread, of a storage that cannot be opened twice. */
function start(): Bench {
  const log = recordingLogger();
  const counts = { beat: alive, beats: 0, opened: 0, closed: 0, lost: 0, orders: 0 };
  const heart: Heart = {
    beat: () => {
      counts.beats += 1;
      return counts.beat();
    },
    close: async () => void (counts.closed += 1),
  };
  const storage: Pick<PresenceStore, "heartModule" | "openHeart"> = {
    heartModule: undefined,
    openHeart: async () => {
      counts.opened += 1;
      return heart;
    },
  };
  const heartbeat = createHeartbeat({
    storage: storage as PresenceStore,
    logger: log,
    plan: { workerId: "1", everyMs, leaseMs },
    vitalSigns: createVitalSigns(1),
    passes: createPassBook(),
    wedgedAfterMs: 60_000,
    graceMs: 1_000,
    onLost: () => (counts.lost += 1),
    onOrders: () => (counts.orders += 1),
  });
  return Object.assign(counts, { heartbeat, log });
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("heartbeats", () => {
  test("go on at their interval until they are stopped", async () => {
    const bench = start();
    await pass(0);
    expect(bench.beats).toBe(1);
    await pass(4 * everyMs);
    expect(bench.beats).toBe(5);
    await bench.heartbeat.stop();
    await pass(10 * everyMs);
    expect(bench).toMatchObject({ beats: 5, opened: 1, closed: 1 });
  });

  test("that fail open the heart anew and are soon tried again, with one warning and one all-clear", async () => {
    const bench = start();
    await pass(0);
    bench.beat = fails;
    await pass(everyMs + 3 * 250);
    expect(bench).toMatchObject({ beats: 5, opened: 4, closed: 4 });
    bench.beat = alive;
    await pass(250);
    const messages = bench.log.lines.map(({ message }) => message);
    expect(messages.filter((each) => each === "heartbeat failed; trying again")).toHaveLength(1);
    expect(messages.at(-1)).toBe("heartbeats reach the database again");
    await bench.heartbeat.stop();
  });

  test("of a registration that is gone say so once, and end", async () => {
    const bench = start();
    await pass(0);
    bench.beat = () => Promise.resolve("gone");
    await pass(10 * everyMs);
    expect(bench).toMatchObject({ beats: 2, lost: 1 });
    await bench.heartbeat.stop();
  });
});

test("a heartbeat that finds that the worker is to drain says so, and beats go on", async () => {
  const bench = start();
  await pass(0);
  bench.beat = () => Promise.resolve("draining");
  await pass(2 * everyMs);
  expect(bench).toMatchObject({ beats: 3, lost: 0, orders: 2 });
  await bench.heartbeat.stop();
});

test("a heartbeat that finds other orders says so, and beats go on", async () => {
  const bench = start();
  await pass(0);
  bench.beat = () => Promise.resolve("ordered");
  await pass(everyMs);
  bench.beat = alive;
  await pass(everyMs);
  expect(bench).toMatchObject({ beats: 3, lost: 0, orders: 1 });
  await bench.heartbeat.stop();
});

describe("a process is steady", () => {
  test("from its first beat on", async () => {
    const bench = start();
    expect(bench.heartbeat.steadyMs()).toBe(0);
    await pass(0);
    await pass(10 * everyMs);
    expect(bench.heartbeat.steadyMs()).toBe(10 * everyMs);
    await bench.heartbeat.stop();
  });

  test("not while beats fail, and from the start again when they failed for half a lease", async () => {
    const bench = start();
    await pass(10 * everyMs);
    bench.beat = fails;
    await pass(everyMs);
    expect(bench.heartbeat.steadyMs()).toBe(0);
    await pass(leaseMs / 2);
    bench.beat = alive;
    await pass(250);
    expect(bench.heartbeat.steadyMs()).toBeLessThan(250);
    await bench.heartbeat.stop();
  });

  test("as before when beats failed for a moment only", async () => {
    const bench = start();
    await pass(10 * everyMs);
    bench.beat = fails;
    await pass(everyMs);
    bench.beat = alive;
    await pass(250);
    expect(bench.heartbeat.steadyMs()).toBeGreaterThan(10 * everyMs);
    await bench.heartbeat.stop();
  });

  test("not while a beat gets no answer at all, as when the server is frozen", async () => {
    const bench = start();
    await pass(10 * everyMs);
    let answer: (found: BeatAnswer) => void = () => {};
    bench.beat = () => new Promise((resolve) => (answer = resolve));
    await pass(everyMs);
    expect(bench.heartbeat.steadyMs()).toBeGreaterThan(0);
    await pass(leaseMs / 2);
    expect(bench.heartbeat.steadyMs()).toBe(0);
    bench.beat = alive;
    answer("alive");
    await pass(everyMs);
    expect(bench.heartbeat.steadyMs()).toBeLessThanOrEqual(everyMs);
    await bench.heartbeat.stop();
  });
});
