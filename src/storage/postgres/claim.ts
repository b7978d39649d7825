import type { Lease } from "../../core/claimed-job.ts";
import type { ClaimStore } from "../contract/claim.ts";
import type { Connection } from "./connection.ts";
import { createCappedClaims } from "./engine/capped-claims.ts";
import { claimAnswer, claimCall, claimParams } from "./engine/claim-statement.ts";
import type { LostClaims } from "./engine/lost-claims.ts";
import { touchedColumns, writeFenced } from "./engine/write-fenced.ts";
import { fences } from "./rows.ts";
import { isUnknownOutcome } from "./sql-errors.ts";

/** Takes jobs exclusively. */
export function createClaimStore(connection: Connection, lost: LostClaims): ClaimStore {
  const { schema } = connection;
  const sql = claimCall(schema);

  return {
    async claimJobs(request) {
      const found = await lost.recover(request.owner);
      if (found.length > 0) return { jobs: found, floors: {} };
      if (request.limit < 1 || request.queues.length === 0) return { jobs: [], floors: {} };
      const claim = lost.next();
      try {
        const rows = await connection.write<{ readonly job: string }>(
          sql,
          claimParams(request, claim),
        );
        return claimAnswer(
          request,
          rows.map(({ job }) => job),
        );
      } catch (error) {
        if (isUnknownOutcome(error)) lost.remember(request.owner, claim);
        throw error;
      }
    },

    claimCapped: createCappedClaims(connection, lost),

    async startJobs(leases) {
      const start = (open: readonly Lease[]) =>
        connection.idempotent<Lease>(startStatement(schema), fences(open));
      const { refused } = await writeFenced(connection.read, schema, leases, start);
      return [...refused.keys()];
    },
  };
}

/** Index walked: live's primary key. Rows locked: those started. Race: whoever ends the lease, which the fence sees. */
function startStatement(schema: string): string {
  return `UPDATE ${schema}.live l SET started = true
    FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS i(id, owner, run)
    WHERE l.id = i.id AND l.owner = i.owner AND l.run = i.run
    RETURNING ${touchedColumns}`;
}
