import type { Settlement } from "../../core/settlement.ts";
import type { ClaimRequest } from "../contract/claim.ts";
import type { SettleAnswer, SettleStore } from "../contract/settle.ts";
import type { TurnStore } from "../contract/turn.ts";
import type { Connection } from "./connection.ts";
import {
  claimAnswer,
  claimParamCount,
  claimParams,
  claimSteps,
  type TakenRow,
  takenColumns,
} from "./engine/claim-statement.ts";
import {
  completedIds,
  completeParams,
  completeSteps,
  isPlainSuccess,
} from "./engine/complete-statement.ts";
import type { DoubtfulSettlements } from "./engine/doubtful-settlements.ts";
import type { LostClaims } from "./engine/lost-claims.ts";
import { isUnknownOutcome } from "./sql-errors.ts";

/** What a turn is made of. */
export interface TurnParts {
  readonly connection: Connection;
  readonly lost: LostClaims;
  readonly doubtful: DoubtfulSettlements;
  readonly settleJobs: SettleStore["settleJobs"];
}

type TurnRow = TakenRow & { readonly completed: string | null };

/** A worker's turn: plain successes and the next claim are one statement, the rare other endings go before it. */
export function createTurnStore(parts: TurnParts): TurnStore {
  const { connection, lost, doubtful, settleJobs } = parts;
  const sql = turnStatement(connection.schema);

  async function send(plain: readonly Settlement[], request: ClaimRequest) {
    const claim = lost.next();
    try {
      const params = [...claimParams(request, claim), ...completeParams(plain)];
      return await connection.write<TurnRow>(sql, params);
    } catch (error) {
      if (isUnknownOutcome(error)) {
        lost.remember(request.owner, claim);
        doubtful.doubt(plain);
      }
      throw error;
    }
  }

  return {
    async settleAndClaim(settlements, request) {
      const { plain, other } = sortOut(settlements);
      const answers = new Map<Settlement, SettleAnswer>();
      async function settleApart(some: readonly Settlement[]): Promise<void> {
        if (some.length === 0) return;
        const given = await settleJobs(some, request.now);
        for (const [index, answer] of given.entries())
          answers.set(some[index] as Settlement, answer);
      }
      await settleApart(other);
      const rows = await send(plain, request);
      const last = rows.at(-1);
      const ids = new Set(last?.completed?.split(","));
      // What the statement did not find may have moved meanwhile, or is lost: settling by itself finds out.
      if (ids.size < plain.length)
        await settleApart(plain.filter(({ lease }) => !ids.has(lease.id)));
      return {
        settled: settlements.map((settlement) => answers.get(settlement) ?? { outcome: "settled" }),
        claimed: claimAnswer(request, rows.slice(0, -1)),
      };
    },
  };
}

/** Of two settlements of one job only the first can be in the statement. */
function sortOut(settlements: readonly Settlement[]) {
  const plain: Settlement[] = [];
  const other: Settlement[] = [];
  const seen = new Set<string>();
  for (const settlement of settlements) {
    const { id } = settlement.lease;
    if (isPlainSuccess(settlement) && !seen.has(id)) plain.push(settlement);
    else other.push(settlement);
    seen.add(id);
  }
  return { plain, other };
}

/** A claim and the finishing of plain successes: their rows differ, for none of these is free and all of those are held. */
function turnStatement(schema: string): string {
  return `
    WITH ${claimSteps(schema)}, ${completeSteps(schema, claimParamCount)}
    SELECT ${takenColumns}, NULL::text AS completed FROM taken
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ids
    FROM (${completedIds}) AS finished`;
}
