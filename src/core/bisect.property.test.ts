import fc from "fast-check";
import { expect, test } from "vitest";
import { afterProbe, beginBisection, type BisectBudget, nextProbe } from "./bisect.ts";

interface Found {
  readonly probes: number;
  readonly passed: readonly number[];
  readonly failed: readonly number[];
  readonly undecided: readonly number[];
}

const itemsOf = ({ from, to }: { readonly from: number; readonly to: number }): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

function search(size: number, bad: ReadonlySet<number>, budget: BisectBudget): Found {
  let bisection = beginBisection(size, budget);
  const passed: number[] = [];
  const failed: number[] = [];
  let probes = 0;
  for (let range = nextProbe(bisection); range !== undefined; range = nextProbe(bisection)) {
    probes += 1;
    const items = itemsOf(range);
    const fails = items.some((item) => bad.has(item));
    if (!fails) passed.push(...items);
    else if (items.length === 1) failed.push(...items);
    bisection = afterProbe(bisection, fails ? "failed" : "passed");
  }
  return { probes, passed, failed, undecided: bisection.pending.flatMap(itemsOf) };
}

const sizes = fc.integer({ min: 1, max: 130 });
const batches = sizes.chain((size) =>
  fc.record({ size: fc.constant(size), bad: fc.uniqueArray(fc.nat(size - 1)) }),
);
const budgets: fc.Arbitrary<BisectBudget> = fc.oneof(
  fc.constantFrom("auto" as const, "full" as const),
  fc.integer({ min: 1, max: 300 }),
);

test("every item is decided once or left undecided, and nobody is blamed for another", () => {
  fc.assert(
    fc.property(batches, budgets, ({ size, bad }, budget) => {
      const found = search(size, new Set(bad), budget);
      const all = [...found.passed, ...found.failed, ...found.undecided].sort((a, b) => a - b);
      expect(all).toEqual(itemsOf({ from: 0, to: size }));
      expect(found.failed.every((item) => bad.includes(item))).toBe(true);
      expect(found.passed.some((item) => bad.includes(item))).toBe(false);
    }),
  );
});

test("the full budget decides every item within 2n - 1 probes", () => {
  fc.assert(
    fc.property(batches, ({ size, bad }) => {
      const { probes, undecided } = search(size, new Set(bad), "full");
      expect(undecided).toEqual([]);
      expect(probes).toBeLessThanOrEqual(2 * size - 1);
    }),
  );
});

test("the auto budget finds one bad item wherever it is", () => {
  fc.assert(
    fc.property(
      sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1))),
      ([size, bad]) => {
        const { failed, undecided } = search(size, new Set([bad]), "auto");
        expect([failed, undecided]).toEqual([[bad], []]);
      },
    ),
  );
});

test("a number is never exceeded", () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 40 }), ({ size, bad }, budget) => {
      expect(search(size, new Set(bad), budget).probes).toBeLessThanOrEqual(budget);
    }),
  );
});
