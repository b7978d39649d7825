import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDatabaseClock, type DatabaseClock } from "./database-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const began = 1_800_000_000_000;

/** How far the database's time is from the machine's monotonic one, and how long its answers travel. */
let offset: number;
let travelMs: readonly [there: number, back: number];
let asked: number;
let failing: boolean;
let clock: DatabaseClock;

const databaseTime = () => Math.floor(performance.now() + offset);

async function serverTime(): Promise<number> {
  asked += 1;
  if (failing) throw new Error("away");
  const [there, back] = travelMs;
  await travel(there);
  const time = databaseTime();
  await travel(back);
  return time;
}

async function travel(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

async function openClock(): Promise<DatabaseClock> {
  const opening = createDatabaseClock(serverTime);
  await vi.advanceTimersByTimeAsync(1_000);
  return opening;
}

beforeEach(async () => {
  vi.useFakeTimers();
  offset = began - performance.now();
  travelMs = [0, 0];
  asked = 0;
  failing = false;
  clock = await openClock();
});

afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

const error = () => clock.now() - databaseTime();

describe("the database's time", () => {
  test("is read without asking the database", async () => {
    asked = 0;
    await vi.advanceTimersByTimeAsync(58_000);
    expect(error()).toBe(0);
    expect(asked).toBe(0);
  });

  test("is whole milliseconds", async () => {
    await vi.advanceTimersByTimeAsync(1);
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  test("takes half a round trip into account", async () => {
    clock.stop();
    travelMs = [40, 40];
    clock = await openClock();
    expect(Math.abs(error())).toBeLessThanOrEqual(1);
  });

  test("is bounded by half a lopsided round trip", async () => {
    clock.stop();
    travelMs = [90, 10];
    clock = await openClock();
    expect(Math.abs(error())).toBeLessThanOrEqual(50);
  });

  test("is not moved by slow round trips that agree with it", async () => {
    travelMs = [900, 20];
    await vi.advanceTimersByTimeAsync(3 * minute);
    expect(error()).toBe(0);
  });

  test("does not follow the host's wall clock", async () => {
    vi.setSystemTime(Date.now() - hour);
    expect(error()).toBe(0);
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(error()).toBe(0);
    vi.setSystemTime(Date.now() + 5 * hour);
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(error()).toBe(0);
  });

  test("follows a jump ahead within a minute", async () => {
    offset += 8 * hour;
    await vi.advanceTimersByTimeAsync(minute);
    expect(error()).toBe(0);
  });

  test("goes on at half speed after a jump back of an hour, until both meet", async () => {
    offset -= hour;
    await vi.advanceTimersByTimeAsync(minute);
    const at = clock.now();
    expect(error()).toBeGreaterThan(hour - 1_000);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(clock.now() - at, "a job due in 5 minutes is late by 5 minutes").toBe(5 * minute);
    await vi.advanceTimersByTimeAsync(2 * hour);
    expect(error()).toBeLessThanOrEqual(1);
  });

  test("never goes back", async () => {
    let last = clock.now();
    for (const jump of [-hour, 3 * minute, -2 * minute, hour, -3 * hour, 7]) {
      offset += jump;
      for (let step = 0; step < 40; step += 1) {
        await vi.advanceTimersByTimeAsync(7_000);
        expect(clock.now()).toBeGreaterThanOrEqual(last);
        last = clock.now();
      }
    }
  });

  test("goes on through an outage", async () => {
    failing = true;
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(error()).toBe(0);
    failing = false;
    offset += hour;
    await vi.advanceTimersByTimeAsync(minute);
    expect(error()).toBe(0);
  });

  test("is no longer measured once stopped", async () => {
    clock.stop();
    asked = 0;
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(asked).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a database that cannot be asked is an error at once", async () => {
  failing = true;
  await expect(createDatabaseClock(serverTime)).rejects.toThrow("away");
});

describe("after", () => {
  test("calls back once", async () => {
    const callback = vi.fn<() => void>();
    clock.after(500, callback);
    await vi.advanceTimersByTimeAsync(499);
    expect(callback).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test("waits longer than one timer can", async () => {
    const days = 60 * 24 * hour;
    const callback = vi.fn<() => void>();
    clock.stop();
    clock.after(days, callback);
    await vi.advanceTimersByTimeAsync(days - 1);
    expect(callback).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  test.each([100, 60 * 24 * hour])("can be taken back after %i ms were asked for", async (ms) => {
    const callback = vi.fn<() => void>();
    clock.stop();
    const takeBack = clock.after(ms, callback);
    await vi.advanceTimersByTimeAsync(ms - 10);
    takeBack();
    await vi.advanceTimersByTimeAsync(ms);
    expect(callback).not.toHaveBeenCalled();
  });
});
