import type { Settlement } from "../../core/settlement.ts";
import type { ClaimAnswer, ClaimRequest } from "./claim.ts";
import type { SettleAnswer } from "./settle.ts";

/** What one turn of a worker wrote and took. */
export interface TurnAnswer {
  /** One for each settlement, in order. */
  readonly settled: readonly SettleAnswer[];
  readonly claimed: ClaimAnswer;
}

/** A worker's turn: writing how attempts ended and taking the next jobs in one go. */
export interface TurnStore {
  /**
   * Settles and then claims as `settleJobs` and `claimJobs` do, so that the jobs taken may use the places of those settled.
   * Successes on the first try share one transaction and one round trip with the claim; a driver may write other endings
   * before it. When its answer is lost, calling the two apart afterwards tells what was written
   * and gives what was taken.
   */
  settleAndClaim(settlements: readonly Settlement[], request: ClaimRequest): Promise<TurnAnswer>;
}
