import type { DoctorLimits } from "./doctor-options.ts";
import type { HoldfastError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import type { FleetFacts, HealthFacts, WakeupPing } from "./health-facts.ts";

/** What was learned of one question, or why nothing was. */
export type Learned<Facts> = { readonly facts: Facts } | { readonly failed: HoldfastError };

/** How the schema stands to the code. */
export interface SchemaFacts {
  readonly current: number;
  readonly latest: number;
}

/** Everything the doctor goes by; what is `undefined` was not asked. */
export interface Examination {
  readonly schema: Learned<SchemaFacts>;
  readonly health: Learned<HealthFacts> | undefined;
  readonly fleet: Learned<FleetFacts> | undefined;
  readonly wakeups: Learned<WakeupPing> | undefined;
  /** How far this machine's clock is ahead of the database's, in milliseconds, as far as that is certain. */
  readonly aheadMs: number | undefined;
  readonly now: number;
}

/** One look at the facts: what it found, or `undefined` when there was nothing to look at. */
export type Check = (
  examination: Examination,
  limits: DoctorLimits,
) => readonly Finding[] | undefined;

/** The facts of what was learned; `undefined` when nothing was. */
export function factsOf<Facts>(learned: Learned<Facts> | undefined): Facts | undefined {
  return learned !== undefined && "facts" in learned ? learned.facts : undefined;
}

/** Why nothing was learned; `undefined` when something was, or was not asked. */
export function failureOf(learned: Learned<unknown> | undefined): HoldfastError | undefined {
  return learned !== undefined && "failed" in learned ? learned.failed : undefined;
}
