import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { createManualClock, isManualClock } from "./manual-clock.ts";

test("it starts at 2026, or where it is told, and stands still", async () => {
  expect(createManualClock().now()).toBe(Date.UTC(2026, 0, 1));
  const clock = createManualClock(new Date(5_000));
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(clock.now()).toBe(5_000);
});

test("advancing stops at every timer on the way, in order of time, then of making", async () => {
  const clock = createManualClock(0);
  const seen: [string, number][] = [];
  const note = (name: string) => () => void seen.push([name, clock.now()]);
  clock.after(30, note("c"));
  clock.after(10, note("a"));
  clock.after(10, note("b"));
  clock.after(31, note("late"));
  await clock.advance(30);
  expect(seen).toEqual([
    ["a", 10],
    ["b", 10],
    ["c", 30],
  ]);
  expect(clock.now()).toBe(30);
  await clock.advanceTo(new Date(31));
  expect(seen.at(-1)).toEqual(["late", 31]);
});

test("timers set on the way count, and what a timer wakes runs before the next", async () => {
  const clock = createManualClock(0);
  const seen: string[] = [];
  clock.after(10, () => {
    void Promise.resolve().then(() => seen.push("woken"));
    clock.after(5, () => seen.push("set on the way"));
  });
  clock.after(12, () => seen.push("later"));
  await clock.advance("1s");
  expect(seen).toEqual(["woken", "later", "set on the way"]);
});

test("a timer taken back does not fire, and none fires twice", async () => {
  const clock = createManualClock(0);
  let fired = 0;
  const takeBack = clock.after(10, () => (fired += 100));
  clock.after(10, () => (fired += 1));
  takeBack();
  await clock.advance(10);
  await clock.advance(10);
  expect(fired).toBe(1);
});

test("it only moves forward", async () => {
  const clock = createManualClock(1_000);
  await expect(clock.advanceTo(999)).rejects.toEqual(coded("INVALID_OPTION"));
  await expect(clock.advanceTo(new Date(Number.NaN))).rejects.toEqual(coded("INVALID_OPTION"));
  await expect(clock.advance(-1)).rejects.toEqual(coded("INVALID_OPTION"));
  await clock.advanceTo(1_000);
  expect(clock.now()).toBe(1_000);
});

test.each([Number.NaN, 1.5, new Date(Number.NaN)])(
  "a start that is no moment is refused: %s",
  (start) => {
    expect(() => createManualClock(start)).toThrow(coded("INVALID_OPTION", "starts at"));
  },
);

test("it is told apart from a clock that moves by itself", () => {
  expect(isManualClock(createManualClock())).toBe(true);
  expect(isManualClock({ now: Date.now, after: () => () => {} })).toBe(false);
});

test("two moves at once end at the later of the two moments", async () => {
  const clock = createManualClock(0);
  let other: Promise<void> | undefined;
  clock.after(1_000, () => {
    other = clock.advance("10s");
  });
  await clock.advance("2s");
  await other;
  expect(clock.now()).toBe(11_000);
});
