import type { CappedAnswer, CappedRequest } from "../../contract/claim.ts";
import type { Connection } from "../connection.ts";
import { idOf } from "../rows.ts";
import { isUnknownOutcome } from "../sql-errors.ts";
import { claimAnswer, queueFloors } from "./claim-statement.ts";
import type { LostClaims } from "./lost-claims.ts";
import type { Query } from "./session.ts";

interface Line {
  readonly line: string;
}

const nothing: CappedAnswer = { jobs: [], floors: {}, room: 0, own: 0, busy: false };
const busy: CappedAnswer = { ...nothing, busy: true };

/**
 * Claims of queues that have a maxRunning, by the function `claim_traced_capped`: one statement where the database's transactions are READ
 * COMMITTED unless they say otherwise; where they are stricter, a transaction that says so.
 */
export function createCappedClaims(
  connection: Connection,
  lost: LostClaims,
): (request: CappedRequest) => Promise<CappedAnswer> {
  const sql = `SELECT line FROM ${connection.schema}.claim_traced_capped($1, $2, $3, $4, $5, $6, $7, $8, $9) AS line`;
  /** By queue, the oldest row that counted when it was looked at last: rows only ever come after it. */
  const oldest = new Map<string, string>();
  let alone = true;

  async function claim(request: CappedRequest, number: number): Promise<readonly string[]> {
    const params = paramsOf(request, number, oldest.get(request.queue) ?? "0");
    const send = async (query: Query) => (await query<Line>(sql, params)).map(({ line }) => line);
    if (alone) {
      const lines = await send(connection.write);
      if (lines[0] !== "strict") return lines;
      alone = false;
    }
    return connection.atomically(send);
  }

  function answerOf(request: CappedRequest, [first = "busy", ...texts]: readonly string[]) {
    if (first === "busy") return busy;
    const [room, own, from = "0"] = first.split(",");
    if (from !== "0") oldest.set(request.queue, from);
    const { owner, now, queue, limit } = request;
    const claimed = claimAnswer({ owner, now, queues: [{ queue, limit }] }, texts);
    return { ...claimed, room: Number(room), own: Number(own), busy: false };
  }

  return async (request) => {
    const found = await lost.recover(request.owner);
    if (found.length > 0) return { ...busy, jobs: found };
    const number = lost.next();
    try {
      return answerOf(request, await claim(request, number));
    } catch (error) {
      if (isUnknownOutcome(error)) lost.remember(request.owner, number);
      throw error;
    }
  };
}

function paramsOf(request: CappedRequest, claim: number, oldest: string): readonly unknown[] {
  const { owner, queue, limit, part, floors, handlers, now } = request;
  const first = `{${queueFloors(floors, queue).join()}}`;
  return [idOf(owner), queue, limit, part, first, JSON.stringify(handlers), now, claim, oldest];
}
