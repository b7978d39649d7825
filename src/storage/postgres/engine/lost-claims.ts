import { randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { ClaimedJob } from "../../../core/claimed-job.ts";
import { type ClaimedRow, claimedJobOf } from "../../shared/job-json.ts";
import type { Connection } from "../connection.ts";
import { claimedColumns, idOf } from "../rows.ts";

/** Claims whose answer was lost with their connection. */
export interface LostClaims {
  /** A number no other claim of this worker has. */
  next(): number;
  /** Notes that nobody saw what this claim took. */
  remember(owner: string, claim: number): void;
  /** The jobs that forgotten claims of this worker turn out to have taken; each is given once. */
  recover(owner: string): Promise<readonly ClaimedJob[]>;
}

interface Lost {
  readonly owner: string;
  readonly claim: number;
  readonly since: number;
}

/** The server may still be carrying the statement out when its client has given up. */
const rememberedMs = 60_000;
const betweenLooksMs = 500;

/**
 * Keeps claims from vanishing: a claim that was committed while its answer was lost leaves jobs running for a worker that
 * lives and does not know. They carry the claim's number, so the next claim finds them.
 */
export function createLostClaims(connection: Connection): LostClaims {
  let last = randomInt(2 ** 47);
  let lost: readonly Lost[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    next: () => ++last,
    remember(owner, claim) {
      lost = [...lost, { owner, claim, since: performance.now() }];
    },
    async recover(owner) {
      const now = performance.now();
      const mine = lost.filter((one) => one.owner === owner);
      if (mine.length === 0 || now - lookedAt < betweenLooksMs) return [];
      lookedAt = now;
      const rows = await connection.read<ClaimedRow & { readonly claim: string }>(
        lookStatement(connection.schema),
        [idOf(owner), mine.map((one) => one.claim)],
      );
      const found = new Set(rows.map((row) => Number(row.claim)));
      lost = lost.filter((one) => !found.has(one.claim) && now - one.since < rememberedMs);
      return rows.map(claimedJobOf);
    },
  };
}

/** Walks all of live, because the owner is in no index; done only after a lost connection. */
function lookStatement(schema: string): string {
  return `SELECT ${claimedColumns}, claim::text FROM ${schema}.live
    WHERE owner = $1 AND claim = ANY ($2::bigint[]) ORDER BY priority, seq`;
}
