import type { Settlement } from "../../core/settlement.ts";
import type { ClaimRequest } from "../contract/claim.ts";
import type { SettleAnswer, SettleStore } from "../contract/settle.ts";
import type { TurnAnswer, TurnStore } from "../contract/turn.ts";
import { plainSuccess } from "../shared/plain-success.ts";
import type { Connection } from "./connection.ts";
import { claimAnswer, claimParamCount, claimParams } from "./engine/claim-statement.ts";
import { completeCall } from "./engine/complete-statement.ts";
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

/** The first row tells of the jobs finished, the others are jobs taken. */
interface TurnRow {
  readonly line: string | null;
}

const written: SettleAnswer = { outcome: "settled" };

/** A worker's turn: plain successes and the next claim are one statement, the rare other endings go before it. */
export function createTurnStore(parts: TurnParts): TurnStore {
  const { connection, lost, doubtful, settleJobs } = parts;

  async function send(plain: readonly Settlement[], request: ClaimRequest) {
    const claim = lost.next();
    try {
      const { sql, params } = turnStatement(connection.schema, plain);
      const all = [...claimParams(request, claim), ...params];
      return turnAnswer(request, await connection.write<TurnRow>(sql, all));
    } catch (error) {
      if (isUnknownOutcome(error)) {
        lost.remember(request.owner, claim);
        doubtful.doubt(plain);
      }
      throw error;
    }
  }

  async function together(
    settlements: readonly Settlement[],
    request: ClaimRequest,
  ): Promise<TurnAnswer> {
    const { plain, other } = sortOut(settlements);
    const answers = new Map<Settlement, SettleAnswer>();
    async function settleApart(some: readonly Settlement[]): Promise<void> {
      const given = some.length === 0 ? [] : await settleJobs(some, request.now);
      given.forEach((answer, index) => answers.set(some[index] as Settlement, answer));
    }
    await settleApart(other);
    const { completed, claimed } = await send(plain, request);
    if (completed !== null) {
      // What the statement did not find may have moved meanwhile, or is lost: settling by itself finds out.
      const ids = new Set(completed.split(","));
      await settleApart(plain.filter(({ lease }) => !ids.has(lease.id)));
    }
    return { settled: settlements.map((each) => answers.get(each) ?? written), claimed };
  }

  return {
    async settleAndClaim(settlements, request) {
      const found = await lost.recover(request.owner);
      // Of two settlements of one job the first must be written first, so then all go their own way.
      if (found.length === 0 && !hasRepeats(settlements)) return together(settlements, request);
      const settled = await settleJobs(settlements, request.now);
      if (found.length > 0) return { settled, claimed: { jobs: found, floors: {} } };
      return { settled, claimed: (await send([], request)).claimed };
    },
  };
}

function turnAnswer(request: ClaimRequest, [first, ...taken]: readonly TurnRow[]) {
  const texts = taken.map(({ line }) => line ?? "");
  return { completed: first?.line ?? null, claimed: claimAnswer(request, texts) };
}

function hasRepeats(settlements: readonly Settlement[]): boolean {
  return new Set(settlements.map(({ lease }) => lease.id)).size < settlements.length;
}

function sortOut(settlements: readonly Settlement[]) {
  const plain: Settlement[] = [];
  const other: Settlement[] = [];
  for (const settlement of settlements) {
    (plainSuccess(settlement) === undefined ? other : plain).push(settlement);
  }
  return { plain, other };
}

/** The finishing comes first; each function sees what was committed when it begins. The claim's parameters come first. */
function turnStatement(schema: string, plain: readonly Settlement[]) {
  const { call, params } = completeCall(schema, plain, claimParamCount);
  const sql = `SELECT ${call} AS line
    UNION ALL SELECT job FROM ${schema}.claim_traced($1, $2, $3, $4, $5, $6, $7, $8) AS job`;
  return { sql, params };
}
