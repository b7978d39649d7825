import { afterEach, expect, test, vi } from "vitest";
import { createVitalSigns, monotonicNow, readVitalSigns, turnMs } from "./vital-signs.ts";

afterEach(() => void vi.useRealTimers());

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

test("the jobs that run are told newest first, wherever their slots are", () => {
  const signs = createVitalSigns(3);
  const reader = readVitalSigns(signs.buffer);
  signs.enter(1, "11", 10);
  signs.enter(0, "12", 10);
  signs.enter(2, "13", 10);
  signs.leave(1);
  signs.enter(1, "14", 10);
  expect(reader.newestJobs()).toEqual(["14", "13", "12"]);
  expect(reader.places).toBe(3);
});

test("the lag is the longest a turn was late since it was asked for, one overdue now included", () => {
  vi.useFakeTimers();
  const signs = createVitalSigns(1);
  const reader = readVitalSigns(signs.buffer);
  const turnAfter = (ms: number): void => {
    vi.advanceTimersByTime(ms);
    signs.turn();
  };
  turnAfter(turnMs);
  expect(reader.takeLag()).toBe(0);
  turnAfter(turnMs + 300);
  turnAfter(turnMs + 20);
  expect(reader.takeLag()).toBe(300);
  expect(reader.takeLag()).toBe(0);
  vi.advanceTimersByTime(turnMs + 2_000);
  expect(reader.takeLag()).toBe(2_000);
});

test("the heap is that of the thread that turns", () => {
  const { buffer } = createVitalSigns(1);
  expect(readVitalSigns(buffer).heapBytes()).toBeGreaterThan(1_000_000);
});
