import { isWhole, type OptionRule } from "../core/check-options.ts";

/** The options of every list that comes in pages, newest first. */
export const pageRules = {
  limit: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  after: {
    is: "the next of the page before",
    test: (value) => typeof value === "string" && /^\d{1,19}$/.test(value),
  },
} as const satisfies Readonly<Record<string, OptionRule>>;

/** How many there are on a page unless told otherwise. */
export const pageSize = 100;

/** What was found when one more than a page was asked for. */
export function pageOf<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
): { readonly items: readonly Item[]; readonly next: string | null } {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}
