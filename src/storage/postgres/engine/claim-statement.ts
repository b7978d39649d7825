import type { ClaimAnswer, ClaimRequest } from "../../contract/claim.ts";
import { type ClaimedRow, claimedJobOf, type Int64 } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";
import { freeKeys } from "./unique-keys.ts";

const priorities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The parameters `claimParams` gives: $1 to $8. */
export const claimParamCount = 8;

/**
 * The steps of a claim; `taken` holds the rows taken.
 *
 * Index walked: live_ready of every child of the ring, from each lane's floor, and no further than the jobs taken; then
 * their primary keys. Rows locked: those taken; locked ones are skipped, so it never waits. Race: a row another claim took
 * meanwhile is locked or no longer free; the lock and the look are one step, so the UPDATE needs no second look. A worker
 * marked dead and a queue paused before it began yield nothing. Cost: forty index probes per queue and one HOT update per
 * job: no index is written, because the owner is in none.
 *
 * The queues and lanes are nested, not joined: each is opened only while jobs are still wanted.
 */
export function claimSteps(schema: string): string {
  return `
    asked AS MATERIALIZED (
      SELECT a.queue, a.wanted, a.position
      FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS a(queue, wanted, position)
      WHERE EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead)
        AND NOT EXISTS (
          SELECT FROM ${schema}.queue q WHERE q.name = a.queue AND (q.paused OR q.closed_until > $7))
      ORDER BY a.position
    ), picked AS MATERIALIZED (
      SELECT lane.id
      FROM asked CROSS JOIN LATERAL (
        SELECT ready.id
        FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
          SELECT l.id FROM ${schema}.live l
          WHERE l.queue = asked.queue AND l.priority = p.priority::smallint AND l.owner IS NULL
            AND l.seq >= ($5::bigint[])[(asked.position - 1) * 10 + p.priority + 1]
            AND l.version <= ($6::jsonb ->> l.name)::integer
          ORDER BY l.seq LIMIT $2 FOR UPDATE SKIP LOCKED
        ) ready
        LIMIT asked.wanted
      ) lane
      LIMIT $2
    ), taken AS (
      UPDATE ${schema}.live SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
        claimed_at = $7, claim = $8
      WHERE id = ANY (ARRAY(SELECT id FROM picked))
      RETURNING *
    ), unlocked AS (${freeKeys(schema, "taken", "taken.unique_while = 'waiting'")})`;
}

/**
 * What is read of a row just taken: what the claim itself knows is left out, for reading rows is a third of a claim's cost.
 */
export const takenColumns = `id::text, run, priority, seq, name, version, queue, payload::text, attempt, crashes, created_at,
  nullif(run_at, created_at) AS run_at, nullif(backoff_ms, 0) AS backoff_ms, checkpoint::text, policy::text,
  attempts::text, tags::text`;

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
