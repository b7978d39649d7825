import type { JobReason } from "../../../src/core/job-reason.ts";

/** How values are written inside a reason. */
export interface Say {
  /** `in 5 min`, `3 min ago`. */
  readonly relative: (at: number) => string;
  readonly isPast: (at: number) => boolean;
  readonly duration: (ms: number) => string;
  readonly number: (value: number) => string;
  /** `a, b and c`; of many the first few, and how many more there are. */
  readonly list: (texts: readonly string[]) => string;
}

/** A sentence for every reason why a job is where it is. */
export type ReasonWords = {
  readonly [Kind in JobReason["kind"]]: (
    reason: Extract<JobReason, { readonly kind: Kind }>,
    say: Say,
  ) => string;
};

/** A lane's or a limit's own name, without what it is. */
export function gateName(gate: string): { readonly isLane: boolean; readonly name: string } {
  const [kind, ...rest] = gate.split(":");
  return { isLane: kind === "lane", name: rest.join(":") };
}
