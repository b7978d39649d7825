import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { afterProbe, beginBisection, type BisectBudget, nextProbe } from "./bisect.ts";

/** The ranges probed while items in `bad` fail every range they are in. */
function search(size: number, bad: readonly number[], budget?: BisectBudget) {
  let bisection = beginBisection(size, budget);
  const probed: [number, number][] = [];
  for (let range = nextProbe(bisection); range !== undefined; range = nextProbe(bisection)) {
    const { from, to } = range;
    probed.push([from, to]);
    const failed = bad.some((item) => item >= from && item < to);
    bisection = afterProbe(bisection, failed ? "failed" : "passed");
  }
  return { probed, pending: bisection.pending };
}

describe("a search", () => {
  test("of a good batch is one probe", () => {
    expect(search(25, [])).toEqual({ probed: [[0, 25]], pending: [] });
  });

  test("halves what failed and tries the largest part first, of equal ones the first", () => {
    expect(search(5, [4]).probed).toEqual([
      [0, 5],
      [0, 3],
      [3, 5],
      [3, 4],
      [4, 5],
    ]);
    expect(search(6, [0, 5], "full").probed).toEqual([
      [0, 6],
      [0, 3],
      [3, 6],
      [0, 2],
      [3, 5],
      [0, 1],
      [1, 2],
      [2, 3],
      [5, 6],
    ]);
  });

  test("of nothing probes nothing", () => {
    expect(search(0, [])).toEqual({ probed: [], pending: [] });
  });

  test("that is over stays as it is", () => {
    const over = afterProbe(beginBisection(1), "passed");
    expect(nextProbe(over)).toBeUndefined();
    expect(afterProbe(over, "failed")).toBe(over);
  });

  test("of one bad item is one probe", () => {
    expect(search(1, [0])).toEqual({ probed: [[0, 1]], pending: [] });
  });
});

describe("the budget", () => {
  test.each([
    [1, 1],
    [2, 3],
    [10, 9],
    [25, 11],
    [100, 15],
  ])("auto of %i items is %i probes", (size, probes) => {
    expect(beginBisection(size).probesLeft).toBe(probes);
    expect(beginBisection(size, "auto").probesLeft).toBe(probes);
  });

  test("full is enough for a batch that is bad throughout", () => {
    const all = Array.from({ length: 25 }, (_, item) => item);
    const { probed, pending } = search(25, all, "full");
    expect(probed).toHaveLength(49);
    expect(pending).toEqual([]);
  });

  test("once spent, leaves the rest undecided", () => {
    expect(search(4, [0], 2)).toEqual({
      probed: [
        [0, 4],
        [0, 2],
      ],
      pending: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 2, to: 4 },
      ],
    });
  });

  test.each([0, -1, 1.5, "most", null])("%j is none", (budget) => {
    expect(() => beginBisection(3, budget as never)).toThrow(coded("INVALID_OPTION", "budget"));
  });
});

describe("a conflict", () => {
  test("splits nothing and costs no probe: the same part is tried again, twice at most", () => {
    const begun = afterProbe(beginBisection(8), "failed");
    const once = afterProbe(begun, "conflict");
    expect(nextProbe(once)).toEqual(nextProbe(begun));
    expect(once).toEqual({ ...begun, conflictsLeft: 1 });
    expect(afterProbe(once, "conflict").conflictsLeft).toBe(0);
  });
});
