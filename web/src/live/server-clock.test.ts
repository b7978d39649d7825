import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerClock } from "./server-clock.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

test("it goes as the database's does, whatever this machine's says", () => {
  const clock = new ServerClock();
  clock.set(5_000_000);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBe(5_000_250);
});

test("one timer tells all who follow, and none is left when they have gone", () => {
  const clock = new ServerClock();
  const [one, other] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const [stopOne, stopOther] = [clock.follow(one), clock.follow(other)];
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(3_000);
  expect(one).toHaveBeenCalledTimes(3);
  stopOne();
  vi.advanceTimersByTime(1_000);
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([3, 4]);
  stopOther();
  expect(vi.getTimerCount()).toBe(0);
});
