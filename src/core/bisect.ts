import { isWhole, kindOf } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";

/**
 * The probes a search may make: `"auto"` is enough to find one bad item (2 · ceil(log2 n) + 1), `"full"` to find any number of
 * them (2n - 1 at most).
 */
export type BisectBudget = "auto" | "full" | number;

/** Items by their place: from `from` up to and without `to`. */
export interface ItemRange {
  readonly from: number;
  readonly to: number;
}

/** A search for the items that spoil a batch. */
export interface Bisection {
  /** The parts not yet known to be good or bad. */
  readonly pending: readonly ItemRange[];
  readonly probesLeft: number;
  /** The conflicts with other transactions it still puts up with. */
  readonly conflictsLeft: number;
}

/** What a probe came to. A conflict says nothing about the items. */
export type ProbeResult = "passed" | "failed" | "conflict";

const conflictsBorne = 2;

/**
 * A search over so many items; the first probe is all of them.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what is no budget.
 */
export function beginBisection(items: number, budget: BisectBudget = "auto"): Bisection {
  return {
    pending: items === 0 ? [] : [{ from: 0, to: items }],
    probesLeft: probesOf(items, budget),
    conflictsLeft: conflictsBorne,
  };
}

function probesOf(items: number, budget: BisectBudget): number {
  if (budget === "auto") return 2 * Math.ceil(Math.log2(Math.max(1, items))) + 1;
  if (budget === "full") return Math.max(1, 2 * items - 1);
  if (isWhole(budget, 1)) return budget;
  throw new HoldfastError(
    "INVALID_OPTION",
    `bisect: budget must be "auto", "full" or a whole number of at least 1; got ${kindOf(budget)}.`,
  );
}

/** What to probe next: the largest part, of equal ones the first; none when everything is known or the budget is spent. */
export function nextProbe({ pending, probesLeft }: Bisection): ItemRange | undefined {
  if (probesLeft <= 0) return undefined;
  let largest: ItemRange | undefined;
  for (const range of pending) {
    const wins = largest === undefined || sizeOf(range) > sizeOf(largest);
    // Parts stand in the order of their items.
    if (wins) largest = range;
  }
  return largest;
}

/**
 * The search after its next probe: a part that passed is known, one that failed is split, or known when it is a single item; a
 * conflict leaves everything as it was but its own count.
 */
export function afterProbe(search: Bisection, result: ProbeResult): Bisection {
  const probed = nextProbe(search);
  if (probed === undefined) return search;
  if (result === "conflict") return { ...search, conflictsLeft: search.conflictsLeft - 1 };
  return {
    ...search,
    probesLeft: search.probesLeft - 1,
    pending: search.pending.flatMap((range) => {
      if (range !== probed) return [range];
      return result === "failed" ? halvesOf(range) : [];
    }),
  };
}

function halvesOf(range: ItemRange): readonly ItemRange[] {
  const { from, to } = range;
  if (sizeOf(range) <= 1) return [];
  const middle = from + Math.ceil(sizeOf(range) / 2);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

/** How many items a part has. */
export function sizeOf({ from, to }: ItemRange): number {
  return to - from;
}
