import type { ClaimedJob } from "../../../core/claimed-job.ts";
import type { ClaimRequest } from "../../contract/claim.ts";
import { claimedJobOf } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";
import type { Session } from "./session.ts";

/** What a claim reads of a row, in this order; the rest it knows, having just written it. */
type ReadyRow = readonly [
  id: number,
  run: number,
  name: string,
  version: number,
  payload: string,
  checkpoint: string | null,
  attempt: number,
  crashes: number,
  createdAt: number,
  runAt: number,
  backoffMs: number,
  policy: string | null,
  attempts: string | null,
  tags: string | null,
  uniqueWhile: string | null,
  gates: string | null,
];

/** Takes jobs inside a transaction, queue by queue. */
export function takeJobs(session: Session, request: ClaimRequest): readonly ClaimedJob[] {
  if (request.limit <= 0 || !isAlive(session, request.owner)) return [];
  const handlers = JSON.stringify(request.handlers);
  const taken: ClaimedJob[] = [];
  for (const { queue, limit } of request.queues) {
    const room = Math.min(limit, request.limit - taken.length);
    if (room <= 0) continue;
    const rows = session.tuples<ReadyRow>(readReady, queue, handlers, request.now, room);
    if (rows.length === 0) continue;
    mark(session, rows, request);
    for (const row of rows) taken.push(claimedJob(row, queue, request));
  }
  return taken;
}

function isAlive(session: Session, owner: string): boolean {
  const alive = "SELECT 1 FROM holdfast_worker WHERE id = ? AND dead = 0";
  return session.get(alive, idOf(owner)) !== undefined;
}

function mark(session: Session, rows: readonly ReadyRow[], { owner, now }: ClaimRequest): void {
  const ids = JSON.stringify(rows.map(([id]) => id));
  session.run(markTaken, idOf(owner), now, ids);
  if (rows.some((row) => row[14] === "waiting")) session.run(freeWaitingKeys, ids);
}

function claimedJob(row: ReadyRow, queue: string, { owner, now }: ClaimRequest): ClaimedJob {
  const [id, run, name, version, payload, checkpoint, attempt] = row;
  const [, , , , , , , crashes, createdAt, runAt, backoffMs, policy, attempts, tags, , gates] = row;
  return claimedJobOf({
    id,
    owner,
    run: run + 1,
    name,
    version,
    queue,
    payload,
    checkpoint,
    attempt: attempt + 1,
    crashes,
    started: crashes === 0,
    created_at: createdAt,
    run_at: runAt,
    claimed_at: now,
    backoff_ms: backoffMs,
    policy,
    attempts,
    tags,
    gates,
  });
}

/**
 * Index: holdfast_live_ready from the front of one queue, by (priority, seq); a row without a handler here is stepped over.
 * Locks: none before markTaken. Races: another process that
 * writes in between makes markTaken fail, and the claim begins again. Cost: one search per job.
 * Reading first and marking then takes half the time of an UPDATE that returns the rows.
 */
const readReady = `
  SELECT id, run, name, version, payload, checkpoint, attempt, crashes, created_at, run_at, backoff_ms, policy, attempts,
    tags, unique_while, gates
  FROM holdfast_live AS job INDEXED BY holdfast_live_ready
  WHERE job.queue = ?1 AND job.owner IS NULL
    AND job.version <= (SELECT value FROM json_each(?2) WHERE key = job.name)
    AND NOT EXISTS (SELECT 1 FROM holdfast_queue WHERE name = ?1 AND (paused OR closed_until > ?3))
  ORDER BY job.priority, job.seq
  LIMIT ?4`;

/**
 * Index: the primary key. Locks: the one writer of the file. Races: none, the rows were read under it. Cost: per job one row
 * rewritten, one entry removed from the ready index, one added to the running one.
 */
const markTaken = `
  UPDATE holdfast_live
  SET owner = ?1, run = run + 1, attempt = attempt + 1, started = (crashes = 0), claimed_at = ?2, cancel = NULL
  WHERE id IN (SELECT value FROM json_each(?3))`;

/** Index: the primary keys of both tables. Locks: the one writer of the file. */
const freeWaitingKeys = `
  DELETE FROM holdfast_uniq WHERE (name, key, holder) IN (
    SELECT name, unique_key, id FROM holdfast_live
    WHERE id IN (SELECT value FROM json_each(?1)) AND unique_while = 'waiting')`;
