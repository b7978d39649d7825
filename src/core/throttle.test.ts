import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cooling, throttle } from "./throttle.ts";

const minute = 60_000;
const start = 1_000_000_000;
const open: Cooling = { level: 0, closedUntil: 0 };

/** The lengths of windows when every one is hit again as soon as it has ended. */
function windows(count: number): number[] {
  let queue = open;
  let now = start;
  return Array.from({ length: count }, () => {
    queue = throttle(queue, now, null);
    const length = queue.closedUntil - now;
    now = queue.closedUntil;
    return length;
  });
}

describe("throttle", () => {
  test("closes the queue for 60 s, doubling with every window to 30 min and no further", () => {
    expect(windows(8).map((ms) => ms / minute)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(windows(2_000).at(-1)).toBe(30 * minute);
  });

  test("takes one step of the curve per window, however many workers hit it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(minute - 1), { minLength: 1, maxLength: 20 }), (hits) => {
        let queue = throttle(open, start, null);
        for (const ms of hits) queue = throttle(queue, start + ms, null);
        expect(queue).toEqual({ level: 1, closedUntil: start + minute });
      }),
    );
  });

  test("forgets the curve after more than 120 s of quiet", () => {
    const third = { level: 3, closedUntil: start };
    expect(throttle(third, start + 2 * minute, null).level).toBe(4);
    expect(throttle(third, start + 2 * minute + 1, null)).toEqual({
      level: 1,
      closedUntil: start + 3 * minute + 1,
    });
  });

  test("honours the server's retry-after instead of the curve, shorter or longer", () => {
    expect(throttle(open, start, 5_000)).toEqual({ level: 1, closedUntil: start + 5_000 });
    expect(throttle(open, start, 45 * minute).closedUntil).toBe(start + 45 * minute);
  });

  test("within a window the server's retry-after can only make it longer", () => {
    const queue = { level: 2, closedUntil: start + 2 * minute };
    expect(throttle(queue, start, 1_000)).toEqual(queue);
    expect(throttle(queue, start, 3 * minute)).toEqual({
      level: 2,
      closedUntil: start + 3 * minute,
    });
  });
});
