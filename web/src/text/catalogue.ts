import type { en } from "./en.ts";
import type { CodeWords } from "./problem-words.ts";

/** What a language has to say: a missing text does not compile. */
export type Catalogue = typeof en;

/** What is said by the shell and the first page, and so is fetched at once. */
export type FirstTexts = Pick<
  Catalogue,
  | "shell"
  | "palette"
  | "keys"
  | "states"
  | "words"
  | "json"
  | "chart"
  | "charts"
  | "overview"
  | "queues"
> & {
  /** What codes of refusals mean, in languages that the API does not speak. */
  readonly problems?: CodeWords;
};
