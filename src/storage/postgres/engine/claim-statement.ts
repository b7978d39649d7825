import type { ClaimAnswer, ClaimRequest } from "../../contract/claim.ts";
import { type ClaimedRow, claimedJobOf, type Int64 } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";

const priorities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The parameters `claimParams` gives: $1 to $8. */
export const claimParamCount = 8;

/** The call that claims; what it does stands with the function. */
export function claimCall(schema: string): string {
  return `SELECT * FROM ${schema}.claim_jobs($1, $2, $3, $4, $5, $6, $7, $8)`;
}

/** A row just taken. */
export interface TakenRow
  extends Omit<ClaimedRow, "owner" | "started" | "claimed_at" | "run_at" | "backoff_ms"> {
  readonly priority: number;
  readonly seq: Int64;
  readonly run_at: Int64 | null;
  readonly backoff_ms: Int64 | null;
}

/** The parameters of a claim; `claim` is its number. */
export function claimParams(request: ClaimRequest, claim: number): readonly unknown[] {
  const { queues, floors } = request;
  return [
    idOf(request.owner),
    request.limit,
    queues.map(({ queue }) => queue),
    `{${queues.map(({ limit }) => limit).join()}}`,
    `{${queues.flatMap(({ queue }) => priorities.map((priority) => floors[queue]?.[priority] ?? 0)).join()}}`,
    JSON.stringify(request.handlers),
    request.now,
    claim,
  ];
}

/** What a claim's rows say, in the order of the queues asked for, then priority, then `seq`. */
export function claimAnswer(request: ClaimRequest, rows: readonly TakenRow[]): ClaimAnswer {
  const place = new Map(request.queues.map(({ queue }, position) => [queue, position]));
  const placeOf = (row: TakenRow) => place.get(row.queue) ?? 0;
  const inOrder = [...rows].sort(
    (a, b) => placeOf(a) - placeOf(b) || a.priority - b.priority || Number(a.seq) - Number(b.seq),
  );
  const floors: Record<string, Record<number, number>> = {};
  for (const { queue, priority, seq } of inOrder) {
    const lanes = (floors[queue] ??= {});
    lanes[priority] ??= Number(seq);
  }
  return { jobs: inOrder.map((row) => jobOf(row, request)), floors };
}

function jobOf(row: TakenRow, { owner, now }: ClaimRequest) {
  return claimedJobOf({
    ...row,
    owner,
    started: row.crashes === 0,
    claimed_at: now,
    run_at: row.run_at ?? row.created_at,
    backoff_ms: row.backoff_ms ?? 0,
  });
}
