import fc from "fast-check";
import { expect, test } from "vitest";
import { type Attempt, appendAttempt } from "./attempt.ts";

function attempt(run: number): Attempt {
  return { number: run, run, worker: "7", began: run, ended: run + 1, how: "failed" };
}

test("a job keeps its 32 newest attempts, oldest first, and the given list is left alone", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (count) => {
      let kept: readonly Attempt[] = [];
      for (let run = 1; run <= count; run++)
        kept = appendAttempt(Object.freeze(kept), attempt(run));
      const first = Math.max(1, count - 31);
      expect(kept.map(({ run }) => run)).toEqual(
        Array.from({ length: count - first + 1 }, (_, index) => first + index),
      );
    }),
  );
});
