import type { ClaimedJob } from "../../../core/claimed-job.ts";
import type { CappedAnswer, CappedRequest, ClaimRequest } from "../../contract/claim.ts";
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
  trace: string | null,
];

/** Takes jobs inside a transaction, queue by queue. */
export function takeJobs(session: Session, request: ClaimRequest): readonly ClaimedJob[] {
  if (request.limit <= 0 || !isAlive(session, request.owner)) return [];
  const handlers = JSON.stringify(request.handlers);
  const taken: ClaimedJob[] = [];
  for (const { queue, limit } of request.queues) {
    const room = Math.min(limit, request.limit - taken.length);
    if (room <= 0) continue;
    taken.push(...take(session, readReady, { ...request, queue, handlers, room }));
  }
  return taken;
}

/** Takes jobs of one queue inside a transaction, no more than its `maxRunning` leaves room for. */
export function takeCapped(session: Session, request: CappedRequest): CappedAnswer {
  const { owner, queue, limit, part } = request;
  const counted = session.get<CappedRow>(countCapped, { queue, owner: idOf(owner) });
  const { most = null, held = 0, own = 0 } = counted ?? {};
  if (most === null) return { jobs: [], floors: {}, room: 0, own, busy: false };
  const room = Math.min(limit, most - held, part - own);
  const handlers = JSON.stringify(request.handlers);
  const jobs =
    room > 0 && isAlive(session, owner)
      ? take(session, readCapped, { ...request, handlers, room })
      : [];
  const left = Math.max(0, most - held - jobs.length);
  return { jobs, floors: {}, room: left, own: own + jobs.length, busy: false };
}

/** What is asked of one queue. */
interface Wanted extends Owned {
  readonly queue: string;
  readonly handlers: string;
  readonly room: number;
}

type Owned = Pick<ClaimRequest, "owner" | "now">;

function take(session: Session, read: string, wanted: Wanted): readonly ClaimedJob[] {
  const { queue, handlers, now, room } = wanted;
  const rows = session.tuples<ReadyRow>(read, queue, handlers, now, room);
  if (rows.length > 0) mark(session, rows, wanted);
  return rows.map((row) => claimedJob(row, queue, wanted));
}

interface CappedRow {
  readonly most: number | null;
  readonly held: number;
  readonly own: number;
}

/**
 * Index: holdfast_live_running, all of it: as many as run. Locks: none before a job is marked. Races: another process that writes in
 * between makes the marking fail, and the claim begins again, so what was counted still stands.
 */
const countCapped = `
  SELECT queue.max_running AS most,
    (SELECT count(*) FROM holdfast_live INDEXED BY holdfast_live_running
      WHERE owner IS NOT NULL AND queue = $queue) AS held,
    (SELECT count(*) FROM holdfast_live INDEXED BY holdfast_live_running
      WHERE owner = $owner AND queue = $queue) AS own
  FROM holdfast_queue AS queue WHERE queue.name = $queue`;

function isAlive(session: Session, owner: string): boolean {
  const alive = "SELECT 1 FROM holdfast_worker WHERE id = ? AND dead = 0";
  return session.get(alive, idOf(owner)) !== undefined;
}

function mark(session: Session, rows: readonly ReadyRow[], { owner, now }: Owned): void {
  const ids = JSON.stringify(rows.map(([id]) => id));
  session.run(markTaken, idOf(owner), now, ids);
  if (rows.some((row) => row[14] === "waiting")) session.run(freeWaitingKeys, ids);
}

function claimedJob(row: ReadyRow, queue: string, { owner, now }: Owned): ClaimedJob {
  const [id, run, name, version, payload, checkpoint, attempt] = row;
  const [, , , , , , , crashes, createdAt, runAt, backoffMs, policy, attempts, tags] = row;
  const [, , , , , , , , , , , , , , , gates, trace] = row;
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
    trace,
  });
}

/**
 * Index: holdfast_live_ready from the front of one queue, by (priority, seq); a row without a handler here is stepped over.
 * Locks: none before markTaken. Races: another process that
 * writes in between makes markTaken fail, and the claim begins again. Cost: one search per job.
 * Reading first and marking then takes half the time of an UPDATE that returns the rows.
 */
const readReady = ready("paused OR closed_until > ?3 OR max_running IS NOT NULL");

/** The same of a queue that has a maxRunning, which takes more than looking at one job. */
const readCapped = ready("paused OR closed_until > ?3");

function ready(closed: string): string {
  return `
  SELECT id, run, name, version, payload, checkpoint, attempt, crashes, created_at, run_at, backoff_ms, policy, attempts,
    tags, unique_while, gates, trace
  FROM holdfast_live AS job INDEXED BY holdfast_live_ready
  WHERE job.queue = ?1 AND job.owner IS NULL
    AND job.version <= (SELECT value FROM json_each(?2) WHERE key = job.name)
    AND NOT EXISTS (SELECT 1 FROM holdfast_queue WHERE name = ?1 AND (${closed}))
  ORDER BY job.priority, job.seq
  LIMIT ?4`;
}

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
