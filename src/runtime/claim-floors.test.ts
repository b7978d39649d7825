import { beforeEach, expect, test } from "vitest";
import { createFloorKeeper, type FloorKeeper } from "./claim-floors.ts";

let keeper: FloorKeeper;

beforeEach(() => {
  keeper = createFloorKeeper();
});

/** A claim at a moment, which saw this seq first in the queue `a` at priority 5. */
function claim(seq: number, at: number, jobs = 1): void {
  const swept = Object.keys(keeper.next(at)).length === 0;
  keeper.saw({ floors: { a: { 5: seq } }, jobs, swept }, 1, at);
}

test("the first claim sweeps from the start, the next begins at what it saw", () => {
  expect(keeper.next(0)).toEqual({});
  claim(10, 0);
  expect(keeper.next(1)).toEqual({ a: { 5: 10 } });
});

test("floors trail: what was seen in the last tenth of a second is not passed over", () => {
  claim(10, 0);
  keeper.saw({ floors: { a: { 5: 500 } }, jobs: 1, swept: false }, 1, 10);
  keeper.saw({ floors: { a: { 5: 900 } }, jobs: 1, swept: false }, 1, 15);
  expect(keeper.next(16), "an enqueue drawn early may commit late").toEqual({ a: { 5: 10 } });
});

test("floors rise with time, and with many jobs at once", () => {
  claim(10, 0);
  keeper.saw({ floors: { a: { 5: 500 } }, jobs: 1, swept: false }, 1, 101);
  keeper.saw({ floors: { a: { 5: 900 } }, jobs: 1, swept: false }, 1, 202);
  keeper.saw({ floors: { a: { 5: 950 } }, jobs: 1, swept: false }, 100_000, 203);
  expect(keeper.next(19)).toEqual({ a: { 5: 900 } });
  keeper.saw({ floors: { a: { 5: 2_000 } }, jobs: 600, swept: false }, 1, 204);
  keeper.saw({ floors: { a: { 5: 3_000 } }, jobs: 600, swept: false }, 1, 205);
  expect(keeper.next(19)).toEqual({ a: { 5: 3_000 } });
});

test("a queue or priority not seen before has no floor", () => {
  claim(10, 0);
  keeper.saw({ floors: { b: { 0: 7 } }, jobs: 1, swept: false }, 1, 5);
  expect(keeper.next(6)).toEqual({ a: { 5: 10 }, b: { 0: 7 } });
});

test("sweeps take a twentieth of the time: the dearer, the rarer, and within 1.5 s while that is bearable", () => {
  const sweep = (tookMs: number, at: number) => {
    keeper.saw({ floors: { a: { 5: 1 } }, jobs: 1, swept: true }, tookMs, at);
    keeper.saw({ floors: { a: { 5: 1 } }, jobs: 1, swept: true }, tookMs, at);
  };
  const isSweep = (at: number) => Object.keys(keeper.next(at)).length === 0;
  sweep(2, 1_000);
  expect([isSweep(1_039), isSweep(1_040)]).toEqual([false, true]);
  sweep(100, 2_000);
  expect([isSweep(3_499), isSweep(3_500)]).toEqual([false, true]);
  sweep(1_000, 10_000);
  expect([isSweep(19_999), isSweep(20_000)]).toEqual([false, true]);
});

test("one slow answer does not put sweeps off", () => {
  keeper.saw({ floors: { a: { 5: 1 } }, jobs: 1, swept: true }, 2, 0);
  keeper.saw({ floors: { a: { 5: 1 } }, jobs: 1, swept: true }, 3_000, 100);
  expect(keeper.next(140)).toEqual({});
});
