import { expect, test } from "vitest";
import { createVitalSigns, monotonicNow, readVitalSigns } from "./vital-signs.ts";

test("a reader sees the jobs that run, as text and beyond 2^53, and not those that left", () => {
  const signs = createVitalSigns(3);
  const reader = readVitalSigns(signs.buffer);
  expect(reader.jobIds()).toEqual([]);
  signs.enter(0, "9223372036854775807", 10);
  signs.enter(2, "42", 20);
  expect(reader.jobIds()).toEqual(["9223372036854775807", "42"]);
  signs.leave(0);
  expect(reader.jobIds()).toEqual(["42"]);
  signs.enter(0, "1000000007", 10);
  signs.enter(1, "999999999", 10);
  expect(reader.jobIds()).toEqual(["1000000007", "999999999", "42"]);
});

test("the earliest deadline is that of the jobs that run; without any it is never", () => {
  const signs = createVitalSigns(2);
  const reader = readVitalSigns(signs.buffer);
  expect(reader.earliestDeadline()).toBe(Number.POSITIVE_INFINITY);
  signs.enter(0, "1", 500);
  signs.enter(1, "2", 300);
  expect(reader.earliestDeadline()).toBe(300);
  signs.leave(1);
  expect(reader.earliestDeadline()).toBe(500);
  signs.enter(1, "3", Number.POSITIVE_INFINITY);
  signs.leave(0);
  expect(reader.earliestDeadline()).toBe(Number.POSITIVE_INFINITY);
});

test("the last turn is when the main loop said so, by the machine's monotonic clock", () => {
  const before = monotonicNow();
  const signs = createVitalSigns(1);
  const reader = readVitalSigns(signs.buffer);
  expect(reader.lastTurn()).toBeGreaterThanOrEqual(before);
  signs.enter(0, "1", 7);
  signs.turn();
  expect(reader.lastTurn()).toBeLessThanOrEqual(monotonicNow());
  expect(reader.earliestDeadline()).toBe(7);
});
