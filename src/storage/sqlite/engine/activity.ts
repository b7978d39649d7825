import { statSync } from "node:fs";
import { join } from "node:path";
import type { ActivityFacts, WaitingJobs, WorkerHealth } from "../../../core/health-facts.ts";
import type { Connection } from "../connection.ts";
import type { Session } from "./session.ts";

interface WorkerRow {
  readonly id: number;
  readonly host: string;
  readonly pid: number;
  readonly queues: string;
  readonly handlers: string;
  readonly versions: string;
  readonly lease_ms: number;
  readonly started_at: number;
}

/** What waits, and who is there for it. One key used often is no burden to SQLite, so keys are not counted. */
export async function readActivity(
  { read, file }: Connection,
  now: number,
): Promise<ActivityFacts> {
  const silenceOf = (row: WorkerRow) => (file === undefined ? null : silence(file, row));
  return read((session) => ({
    workers: session.all<WorkerRow>(workers).map((row) => workerOf(row, silenceOf(row))),
    waiting: session.all<WaitingJobs>(waiting),
    abandoned: session.get<{ readonly jobs: number }>(abandoned)?.jobs ?? 0,
    overdue: overdueOf(session, now),
    keys: [],
    lines: session.all<{ readonly gate: string; readonly jobs: number }>(lines),
  }));
}

/** A beat writes the worker's file beside the database; before the first one the registration counts. */
function silence(file: string, { id, started_at }: WorkerRow): number {
  const beat = statSync(join(`${file}-beats`, String(id)), { throwIfNoEntry: false });
  return Math.max(0, Date.now() - (beat?.mtimeMs ?? started_at));
}

function workerOf(row: WorkerRow, silentMs: number | null): WorkerHealth {
  return {
    id: String(row.id),
    host: row.host,
    pid: row.pid,
    queues: JSON.parse(row.queues) as string[],
    handlers: JSON.parse(row.handlers) as string[],
    versions: JSON.parse(row.versions) as Record<string, number>,
    leaseMs: row.lease_ms,
    silentMs,
  };
}

function overdueOf(session: Session, now: number): ActivityFacts["overdue"] {
  return session.get<ActivityFacts["overdue"]>(overdue, now) ?? { jobs: 0, oldestAt: null };
}

const workers = `
  SELECT id, host, pid, queues, handlers, versions, lease_ms, started_at
  FROM holdfast_worker WHERE dead = 0 ORDER BY id`;

/** Walks live and blocked whole. */
const waiting = `
  SELECT queue, name, version, count(*) AS jobs
  FROM (
    SELECT queue, name, version FROM holdfast_live WHERE owner IS NULL
    UNION ALL SELECT queue, name, version FROM holdfast_blocked)
  GROUP BY queue, name, version ORDER BY queue, name, version`;

/** Index: holdfast_live_running whole. */
const abandoned = `
  SELECT count(*) AS jobs FROM holdfast_live
  WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM holdfast_worker WHERE dead = 0)`;

/** Index: holdfast_later_due, what is due. */
const overdue =
  "SELECT count(*) AS jobs, min(run_at) AS oldestAt FROM holdfast_later WHERE run_at < ?";

/** Index: holdfast_blocked_line whole. */
const lines = `
  SELECT gate, count(*) AS jobs FROM holdfast_blocked GROUP BY gate ORDER BY jobs DESC, gate LIMIT 5`;
