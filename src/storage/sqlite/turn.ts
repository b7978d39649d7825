import type { ClaimStore } from "../contract/claim.ts";
import type { TurnStore } from "../contract/turn.ts";
import type { Connection } from "./connection.ts";
import { takeJobs } from "./engine/take-jobs.ts";
import { settleAll } from "./engine/write-settlements.ts";

/** A worker's turn: one transaction, and so one commit to wait for. */
export function createTurnStore(connection: Connection, claims: ClaimStore): TurnStore {
  return {
    async settleAndClaim(settlements, request) {
      if (settlements.length === 0)
        return { settled: [], claimed: await claims.claimJobs(request) };
      return connection.write((session) => ({
        settled: settleAll(session, settlements, request.now),
        claimed: { jobs: takeJobs(session, request), floors: {} },
      }));
    },
  };
}
