import type { ClaimRequest, ClaimStore } from "../contract/claim.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { freeKey } from "./engine/move-job.ts";
import type { Session } from "./engine/session.ts";
import { claimedColumns, fence, idOf } from "./rows.ts";

/** Takes jobs exclusively. */
export function createClaimStore(connection: Connection): ClaimStore {
  return {
    async claimJobs(request) {
      // An idle worker looks before it takes the writer: reading blocks nobody.
      const inviting = await connection.read((session) => session.get(anyReady, wanted(request)));
      if (inviting === undefined) return { jobs: [], floors: {} };
      const rows = await connection.write((session) => claimAll(session, request));
      return { jobs: rows.map(claimedJobOf), floors: {} };
    },
    startJobs: (leases) =>
      connection.write((session) =>
        leases.filter((lease) => session.run(startJob, fence(lease)) === 0),
      ),
  };
}

type ClaimedLiveRow = ClaimedRow & {
  readonly id: number;
  readonly priority: number;
  readonly seq: number;
  readonly unique_key: string | null;
  readonly unique_while: string | null;
};

function claimAll(session: Session, request: ClaimRequest): readonly ClaimedLiveRow[] {
  const owner = idOf(request.owner);
  if (session.get("SELECT 1 FROM holdfast_worker WHERE id = ? AND dead = 0", owner) === undefined) {
    return [];
  }
  const handlers = JSON.stringify(request.handlers);
  const taken: ClaimedLiveRow[] = [];
  for (const { queue, limit } of request.queues) {
    const room = Math.min(limit, request.limit - taken.length);
    if (room <= 0) continue;
    const rows = session.all<ClaimedLiveRow>(claimQueue, {
      owner,
      queue,
      handlers,
      limit: room,
      now: request.now,
    });
    taken.push(...rows.sort((a, b) => a.priority - b.priority || a.seq - b.seq));
  }
  for (const row of taken) if (row.unique_while === "waiting") freeKey(session, row);
  return taken;
}

/** What a claim may take of a queue: `job` is the row, `$queue` its queue. */
const ready = `job.owner IS NULL
      AND job.version <= (SELECT value FROM json_each($handlers) WHERE key = job.name)
      AND NOT EXISTS (
        SELECT 1 FROM holdfast_queue
        WHERE name = job.queue AND (paused OR closed_until > $now))`;

/**
 * Index: holdfast_live_ready from the front of one queue, by (priority, seq); a row without a handler here is stepped over.
 * Locks: the one writer of the file. Races: none inside it; another process claims before or after.
 * Cost: per job one search, one row rewritten and one entry removed from the ready index, one added to the running one.
 */
const claimQueue = `
  UPDATE holdfast_live
  SET owner = $owner, run = run + 1, attempt = attempt + 1, started = (crashes = 0), claimed_at = $now, cancel = NULL
  WHERE id IN (
    SELECT id FROM holdfast_live AS job
    WHERE job.queue = $queue AND ${ready}
    ORDER BY job.priority, job.seq
    LIMIT $limit)
  RETURNING ${claimedColumns}, priority, seq, unique_key, unique_while`;

/** Index: holdfast_live_ready, once per queue, to its first row a claim would take. Locks: none. */
const anyReady = `
  SELECT 1 FROM json_each($queues) AS asked
  WHERE EXISTS (SELECT 1 FROM holdfast_live AS job WHERE job.queue = asked.value AND ${ready})
  LIMIT 1`;

/** Index: the primary key. Locks: the one writer of the file. Races: a settlement or rescue before it, which the fence sees. */
const startJob =
  "UPDATE holdfast_live SET started = 1 WHERE id = $id AND owner = $owner AND run = $run";

function wanted(request: ClaimRequest): { queues: string; handlers: string; now: number } {
  return {
    queues: JSON.stringify(request.queues.map(({ queue }) => queue)),
    handlers: JSON.stringify(request.handlers),
    now: request.now,
  };
}
