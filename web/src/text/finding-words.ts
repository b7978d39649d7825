import type { FindingCode, FindingFacts } from "../../../src/core/finding-facts.ts";
import type { FindingText } from "../../../src/core/finding-words.ts";

/** What a language says of a kind of finding. */
export type TitledFinding<Facts> = FindingText<Facts> & { readonly title: string };

/** Words for everything the doctor can find, for languages that the API does not speak. */
export type TitledFindings = {
  readonly [Code in FindingCode]: TitledFinding<FindingFacts[Code]>;
};
