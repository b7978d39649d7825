import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { createFastClock } from "./fast-clock.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("it starts at 2026, or where it is told, and runs so many times faster", async () => {
  const clock = createFastClock(3_600);
  const told = createFastClock(2, new Date(5_000));
  expect(clock.now()).toBe(start);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(clock.now()).toBe(start + hour);
  expect(told.now()).toBe(7_000);
  expect(Number.isInteger(createFastClock(1.37).now())).toBe(true);
});

test("what waits for a time of its own waits so many times less", async () => {
  const clock = createFastClock(3_600);
  const seen: [string, number][] = [];
  clock.after(2 * hour, () => seen.push(["later", clock.now() - start]));
  clock.after(hour, () => seen.push(["sooner", clock.now() - start]));
  await vi.advanceTimersByTimeAsync(999);
  expect(seen).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual([["sooner", hour]]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(seen).toEqual([
    ["sooner", hour],
    ["later", 2 * hour],
  ]);
});

test("a callback never comes before its time, also when the platform's timer is early", async () => {
  let real = 0;
  vi.spyOn(performance, "now").mockImplementation(() => real);
  const clock = createFastClock(1_000);
  const callback = vi.fn<() => void>();
  const other = vi.fn<() => void>();
  clock.after(10_000, callback);
  const takeBack = clock.after(10_000, other);
  real = 9.7;
  await vi.advanceTimersByTimeAsync(10);
  expect(callback).not.toHaveBeenCalled();
  takeBack();
  real = 10.7;
  await vi.advanceTimersByTimeAsync(1);
  expect(callback).toHaveBeenCalledOnce();
  expect(other, "taken back meanwhile").not.toHaveBeenCalled();
});

test("a timer taken back does not fire", async () => {
  const clock = createFastClock(60);
  const callback = vi.fn<() => void>();
  const takeBack = clock.after(hour, callback);
  await vi.advanceTimersByTimeAsync(59_000);
  takeBack();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(callback).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("years of waiting are more than one timer of the platform can take", async () => {
  const clock = createFastClock(2);
  const callback = vi.fn<() => void>();
  const days = 24 * hour;
  clock.after(100 * days, callback);
  await vi.advanceTimersByTimeAsync(50 * days - 1);
  expect(callback).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(callback).toHaveBeenCalledOnce();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("%s times is refused", (times) => {
  expect(() => createFastClock(times)).toThrow(coded("INVALID_OPTION", "createFastClock takes"));
});

test("a start that is no moment is refused", () => {
  expect(() => createFastClock(2, new Date(Number.NaN))).toThrow(coded("INVALID_OPTION"));
});
