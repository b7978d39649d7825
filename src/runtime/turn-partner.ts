import type { ClaimAnswer, ClaimRequest } from "../storage/contract/claim.ts";

/** Who claims together with settlements. */
export interface TurnPartner {
  /**
   * What to claim in one go with settlements of jobs of these queues, whose places are free by then; `undefined` when there
   * is no reason to. Whoever got a claim says how it ended by `landed`.
   */
  joinTurn(leaving: readonly string[]): ClaimRequest | undefined;
  /** Takes the answer of a claim that `joinTurn` gave; none when it failed. */
  landed(request: ClaimRequest, answer: ClaimAnswer | undefined): void;
}
