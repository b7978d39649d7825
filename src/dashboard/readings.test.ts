import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReading } from "../http/reading.ts";
import { soonOf } from "./readings.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first who asks waits; others are told what was read last when the next takes long", async () => {
  let tookMs = 2_000;
  let reads = 0;
  const reading = createReading(
    async () => {
      const read = ++reads;
      await new Promise((resolve) => void setTimeout(resolve, tookMs));
      return read;
    },
    { keepMs: () => 1_000, giveUpMs: 60_000 },
  );
  const answers: number[] = [];
  const ask = () => void soonOf(reading).then((value) => answers.push(value));
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  ask();
  await pass(1_999);
  expect(answers).toEqual([]);
  await pass(1);
  expect(answers).toEqual([1]);
  await pass(1_500);
  ask();
  await pass(200);
  expect(answers).toEqual([1, 1]);
  await pass(3_000);
  tookMs = 100;
  ask();
  await pass(100);
  expect(answers).toEqual([1, 1, 3]);
});
