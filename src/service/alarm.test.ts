import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAlarm } from "./alarm.ts";

function start() {
  const clock = createManualClock(0);
  const rung: number[] = [];
  return { clock, rung, alarm: createAlarm(clock, () => void rung.push(clock.now())) };
}

test("it rings once, at the earliest moment it was set to", async () => {
  const { clock, rung, alarm } = start();
  for (const at of [300, 100, 200]) alarm.set(at);
  await clock.advance(99);
  expect(rung).toEqual([]);
  await clock.advance(500);
  expect(rung).toEqual([100]);
});

test("a moment that is past rings at once", () => {
  const { rung, alarm } = start();
  alarm.set(0);
  expect(rung).toEqual([0]);
});

test("cleared, it forgets, and may be set anew", async () => {
  const { clock, rung, alarm } = start();
  alarm.set(100);
  alarm.clear();
  await clock.advance(200);
  expect(rung).toEqual([]);
  alarm.set(250);
  await clock.advance(100);
  expect(rung).toEqual([250]);
});
