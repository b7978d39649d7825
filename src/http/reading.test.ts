import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReading } from "./reading.ts";
import { inTime } from "./time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A reading whose reads the test ends, in order. */
function open(options: { keepMs?: (tookMs: number) => number; giveUpMs?: number } = {}) {
  const reads: { resolve(value: number): void; reject(error: Error): void }[] = [];
  const reading = createReading(
    () => new Promise<number>((resolve, reject) => void reads.push({ resolve, reject })),
    { keepMs: () => 1_000, giveUpMs: 5_000, ...options },
  );
  return { reads, reading };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("who asks while one reads shares it, and who asks within the time it is kept gets the same", async () => {
  const { reads, reading } = open();
  const first = [reading.get(), reading.get()];
  reads[0]?.resolve(1);
  expect(await Promise.all(first)).toEqual([1, 1]);
  await pass(999);
  expect(await reading.get()).toBe(1);
  expect(reads).toHaveLength(1);
  await pass(1);
  const next = reading.get();
  reads[1]?.resolve(2);
  expect(await next).toBe(2);
});

test("a failure is kept as long, and then read anew", async () => {
  const { reads, reading } = open();
  const failing = reading.get();
  reads[0]?.reject(new Error("no"));
  await expect(failing).rejects.toThrow("no");
  await pass(999);
  await expect(reading.get()).rejects.toThrow("no");
  await pass(1);
  void reading.get();
  expect(reads).toHaveLength(2);
});

test("a read that never ends is given up, and the next who asks begins another", async () => {
  const { reads, reading } = open();
  void reading.get();
  await pass(4_999);
  void reading.get();
  expect(reads).toHaveLength(1);
  await pass(1);
  const next = reading.get();
  expect(reads).toHaveLength(2);
  reads[1]?.resolve(2);
  expect(await next).toBe(2);
});

test("it is kept for as long as it took to read says", async () => {
  const { reads, reading } = open({ keepMs: (tookMs) => 50 * tookMs });
  void reading.get();
  await pass(100);
  reads[0]?.resolve(1);
  await pass(4_999);
  void reading.get();
  expect(reads).toHaveLength(1);
  await pass(1);
  void reading.get();
  expect(reads).toHaveLength(2);
});

test("the latest is the fresh one when it comes soon, else the last with its age, or nothing", async () => {
  const { reads, reading } = open();
  const none = reading.latest(200);
  await pass(200);
  expect(await none).toBeUndefined();
  reads[0]?.resolve(1);
  await pass(0);
  expect(await reading.latest(200)).toEqual({ value: 1, ageMs: 0 });
  await pass(1_500);
  const old = reading.latest(200);
  await pass(200);
  expect(await old).toEqual({ value: 1, ageMs: 1_700 });
  const soon = reading.latest(200);
  reads[1]?.resolve(2);
  expect(await soon).toEqual({ value: 2, ageMs: 0 });
});

test("what does not come in time is STORAGE_UNAVAILABLE, and what comes in time leaves no timer", async () => {
  const late = inTime(new Promise(() => {}), 300);
  const caught = expect(late).rejects.toMatchObject({
    code: "STORAGE_UNAVAILABLE",
    message: expect.stringContaining("300 ms") as unknown,
  });
  await pass(300);
  await caught;
  expect(await inTime(Promise.resolve(1), 300)).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
