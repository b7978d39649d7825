import { expect, test } from "vitest";
import { limitParts } from "./limit-parts.ts";

const worker = (id: string, places: number | null) =>
  ({ id, host: "h", pid: 1, state: "running", places }) as const;

test("equal places are told as a product, different ones as a sum", () => {
  const queue = { servedBy: ["a", "b"] };
  const limit = { places: 10, maxRunning: null, effective: 10 };
  const equal = [worker("a", 5), worker("b", 5), worker("draining", 9)];
  expect(limitParts({ queue, workers: equal, limit })).toEqual({
    workers: 2,
    each: 5,
    bound: "workers",
  });
  const other = [worker("a", 7), worker("b", 3)];
  expect(limitParts({ queue, workers: other, limit }).each).toBeUndefined();
});

test("the smaller of the two numbers is the one to raise", () => {
  const bound = (places: number, maxRunning: number | null) =>
    limitParts({
      queue: { servedBy: ["a"] },
      workers: [worker("a", places)],
      limit: { places, maxRunning, effective: 0 },
    }).bound;
  expect(bound(10, 9)).toBe("maxRunning");
  expect(bound(10, 10)).toBe("workers");
  expect(bound(10, null)).toBe("workers");
  expect(bound(0, 5)).toBe("nobody");
});
