import type { FindingCode, FindingFacts } from "./finding-facts.ts";

/** How values are written inside the words of a finding. */
export interface FindingSay {
  readonly duration: (ms: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly number: (value: number) => string;
  /** Of a share of 1. */
  readonly percent: (share: number) => string;
  /** `a, b and c`; of many the first few, and how many more there are. */
  readonly list: (names: readonly string[]) => string;
}

/** What a language says of a kind of finding. */
export interface FindingText<Facts> {
  /** What was seen. */
  readonly detail: (facts: Facts, say: FindingSay) => string;
  /** What to do about it. */
  readonly fix: string | ((facts: Facts) => string);
}

/** Words for every kind of finding. */
export type FindingWords = { readonly [Code in FindingCode]: FindingText<FindingFacts[Code]> };

/** The detail and the fix of a finding, in some words for its kind. */
export function sayFinding<Facts>(
  { detail, fix }: FindingText<Facts>,
  facts: Facts,
  say: FindingSay,
): { readonly detail: string; readonly fix: string } {
  return { detail: detail(facts, say), fix: typeof fix === "string" ? fix : fix(facts) };
}
