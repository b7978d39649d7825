/** What kind of problem: for translations of its message. */
export type ProblemKind =
  | "unknown-field"
  | "no-value"
  | "bad-value"
  | "bad-operator"
  | "one-value"
  | "twice"
  | "no-negation"
  | "unclosed-quote";

/** Something in the text of a filter that means nothing, and where it stands. */
export interface FilterProblem {
  readonly kind: ProblemKind;
  readonly from: number;
  readonly to: number;
  /** What is wrong and what to write instead, in English. */
  readonly message: string;
}
