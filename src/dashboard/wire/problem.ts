/** What every refusal says, as `application/problem+json`. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** A stable code: one of docs/errors.md. */
  readonly code: string;
  /** What to do next. */
  readonly detail: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
