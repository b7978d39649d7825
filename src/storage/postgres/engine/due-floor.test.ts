import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDueFloor } from "./due-floor.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test("looks begin at the start, then a second behind the last one", () => {
  const floor = createDueFloor();
  expect(floor.next(50_000)).toBe(0);
  vi.advanceTimersByTime(10);
  floor.passed(0, 50_000);
  expect(floor.next(51_000)).toBe(49_000);
});

test("a clock that is set back takes the floor with it", () => {
  const floor = createDueFloor();
  floor.next(50_000);
  vi.advanceTimersByTime(10);
  floor.passed(0, 50_000);
  expect(floor.next(20_000)).toBe(19_000);
});

test("looks from the start come back after twenty times what one took, ten seconds at most", () => {
  const floor = createDueFloor();
  floor.next(50_000);
  vi.advanceTimersByTime(10);
  floor.passed(0, 50_000);
  vi.advanceTimersByTime(198);
  expect(floor.next(50_200)).toBe(49_000);
  vi.advanceTimersByTime(4);
  expect(floor.next(50_200)).toBe(0);
  vi.advanceTimersByTime(5_000);
  floor.passed(0, 55_000);
  vi.advanceTimersByTime(9_990);
  expect(floor.next(65_000)).toBe(54_000);
  vi.advanceTimersByTime(20);
  expect(floor.next(65_000)).toBe(0);
});
