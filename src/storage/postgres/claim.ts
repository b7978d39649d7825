import type { ClaimedJob, Lease } from "../../core/claimed-job.ts";
import type { ClaimAnswer, ClaimFloors, ClaimRequest, ClaimStore } from "../contract/claim.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { createLostClaims } from "./engine/lost-claims.ts";
import { freeKeys } from "./engine/unique-keys.ts";
import { touchedColumns, writeFenced } from "./engine/write-fenced.ts";
import { claimedColumns, fences, idOf } from "./rows.ts";
import { isUnknownOutcome } from "./sql-errors.ts";

const priorities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

interface TakenRow extends ClaimedRow {
  readonly priority: number;
  readonly seq: string;
}

/** Takes jobs exclusively. */
export function createClaimStore(connection: Connection): ClaimStore {
  const { schema } = connection;
  const sql = claimStatement(schema);
  const lost = createLostClaims(connection);

  return {
    async claimJobs(request) {
      const found = await lost.recover(request.owner);
      if (found.length > 0) return { jobs: found, floors: {} };
      if (request.limit < 1 || request.queues.length === 0) return { jobs: [], floors: {} };
      const claim = lost.next();
      try {
        return answerOf(request, await connection.write<TakenRow>(sql, paramsOf(request, claim)));
      } catch (error) {
        if (isUnknownOutcome(error)) lost.remember(request.owner, claim);
        throw error;
      }
    },

    async startJobs(leases) {
      const start = (open: readonly Lease[]) =>
        connection.idempotent<Lease>(startStatement(schema), fences(open));
      const { refused } = await writeFenced(connection.read, schema, leases, start);
      return [...refused.keys()];
    },
  };
}

/**
 * Index walked: live_ready, from each lane's floor, and no further than the jobs taken. Rows locked: those taken; locked
 * ones are skipped, so it never waits. Race: a row another claim took meanwhile is locked or no longer ready; the lock and
 * the look are one step, so the UPDATE needs no second look, and goes by id alone (see `unheld`). A worker marked dead and
 * a queue paused before it began yield nothing. Cost: ten index probes per queue and one row per job.
 *
 * The queues and lanes are nested, not joined: each is opened only while jobs are still wanted.
 */
function claimStatement(schema: string): string {
  return `
    WITH asked AS MATERIALIZED (
      SELECT a.queue, a.wanted, a.position
      FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS a(queue, wanted, position)
      WHERE EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead)
        AND NOT EXISTS (
          SELECT FROM ${schema}.queue q WHERE q.name = a.queue AND (q.paused OR q.closed_until > $8))
      ORDER BY a.position
    ), picked AS MATERIALIZED (
      SELECT lane.id
      FROM asked CROSS JOIN LATERAL (
        SELECT ready.id
        FROM unnest($5::smallint[]) WITH ORDINALITY AS p(priority, nth) CROSS JOIN LATERAL (
          SELECT l.id FROM ${schema}.live l
          WHERE l.queue = asked.queue AND l.priority = p.priority AND l.owner IS NULL
            AND l.seq >= ($6::bigint[])[(asked.position - 1) * 10 + p.nth]
            AND l.version <= ($7::jsonb ->> l.name)::integer
          ORDER BY l.seq LIMIT $2 FOR UPDATE SKIP LOCKED
        ) ready
        LIMIT asked.wanted
      ) lane
      LIMIT $2
    ), taken AS (
      UPDATE ${schema}.live SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
        claimed_at = $8, claim = $9
      WHERE id = ANY (ARRAY(SELECT id FROM picked))
      RETURNING *
    ), freed AS (${freeKeys(schema, "taken", "taken.unique_while = 'waiting'")})
    SELECT ${claimedColumns}, priority, seq::text FROM taken`;
}

/** Index walked: live's primary key. Rows locked: those started. Race: whoever ends the lease, which the fence sees. */
function startStatement(schema: string): string {
  return `UPDATE ${schema}.live l SET started = true
    FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS i(id, owner, run)
    WHERE l.id = i.id AND l.owner = i.owner AND l.run = i.run
    RETURNING ${touchedColumns}`;
}

function paramsOf(request: ClaimRequest, claim: number): readonly unknown[] {
  const floors = request.queues.flatMap(({ queue }) =>
    priorities.map((priority) => request.floors[queue]?.[priority] ?? 0),
  );
  return [
    idOf(request.owner),
    request.limit,
    request.queues.map(({ queue }) => queue),
    request.queues.map(({ limit }) => limit),
    priorities,
    floors,
    JSON.stringify(request.handlers),
    request.now,
    claim,
  ];
}

function answerOf(request: ClaimRequest, rows: readonly TakenRow[]): ClaimAnswer {
  const place = new Map(request.queues.map(({ queue }, position) => [queue, position]));
  const inOrder = rows
    .map((row) => ({ row, seq: Number(row.seq), place: place.get(row.queue) ?? 0 }))
    .sort((a, b) => a.place - b.place || a.row.priority - b.row.priority || a.seq - b.seq);
  const floors: Record<string, Record<number, number>> = {};
  for (const { row, seq } of inOrder) {
    const lanes = (floors[row.queue] ??= {});
    lanes[row.priority] ??= seq;
  }
  const jobs: readonly ClaimedJob[] = inOrder.map(({ row }) => claimedJobOf(row));
  return { jobs, floors: floors satisfies ClaimFloors };
}
