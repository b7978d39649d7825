import type { ClaimStore } from "../contract/claim.ts";
import type { SettleStore } from "../contract/settle.ts";
import type { TurnStore } from "../contract/turn.ts";

/** A worker's turn. */
export function createTurnStore(claims: ClaimStore, settlements: SettleStore): TurnStore {
  return {
    async settleAndClaim(ended, request) {
      const settled = await settlements.settleJobs(ended, request.now);
      return { settled, claimed: await claims.claimJobs(request) };
    },
  };
}
