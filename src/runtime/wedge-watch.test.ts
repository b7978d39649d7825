import { expect, test } from "vitest";
import { createWedgeWatch, type WedgeLimits } from "./wedge-watch.ts";

const never = Number.POSITIVE_INFINITY;
const limits: WedgeLimits = { lookEveryMs: 200, wedgedAfterMs: 2_000, graceMs: 500 };

/** Looks at the given moments at a loop that turned last at 0; gives what each look said. */
function lookAt(moments: readonly number[], deadline = never, changed: Partial<WedgeLimits> = {}) {
  const watch = createWedgeWatch({ ...limits, ...changed });
  return moments.map((now) => watch.look(now, 0, deadline));
}

function every200(until: number): number[] {
  return Array.from({ length: until / 200 + 1 }, (_, look) => look * 200);
}

test("a loop that stood still for longer than wedgedAfter is wedged, and it says for how long", () => {
  expect(lookAt(every200(2_200)).slice(-2)).toEqual([undefined, 2_200]);
});

test("a loop that turns is not, however late", () => {
  const watch = createWedgeWatch(limits);
  for (let now = 0; now < 20_000; now += 200) {
    const lastTurn = Math.floor(now / 1_900) * 1_900;
    expect(watch.look(now, lastTurn, never)).toBeUndefined();
  }
});

test("a process that was paused as a whole is not: the pause counts as little as two looks", () => {
  expect(lookAt([0, 200, 60_200, 60_400])).toEqual([undefined, undefined, undefined, undefined]);
  expect(lookAt([0, 60_000, 120_000, 180_000, 240_000, 300_000, 360_000]).at(-1)).toBe(2_400);
});

test("past a job's deadline and grace a shorter stand is enough, but never less than a second", () => {
  const graceful = { wedgedAfterMs: 60_000, graceMs: 1_500 };
  expect(lookAt(every200(1_600), 100, graceful).at(-1)).toBeUndefined();
  expect(lookAt(every200(1_800), 100, graceful).at(-1)).toBe(1_800);
  const hasty = { wedgedAfterMs: 60_000, graceMs: 0 };
  expect(lookAt(every200(1_000), 100, hasty).at(-1)).toBeUndefined();
  expect(lookAt(every200(1_200), 100, hasty).at(-1)).toBe(1_200);
});

test("a job that is over its time while the loop turns is the loop's own affair", () => {
  const watch = createWedgeWatch(limits);
  for (let now = 0; now < 20_000; now += 200) {
    expect(watch.look(now, now, 100)).toBeUndefined();
  }
});
