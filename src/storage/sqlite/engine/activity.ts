import type { ActivityFacts, WaitingJobs } from "../../../core/health-facts.ts";
import type { Connection } from "../connection.ts";
import type { Session } from "./session.ts";

/** What waits. One key used often is no burden to SQLite, so keys are not counted. */
export async function readActivity({ read }: Connection, now: number): Promise<ActivityFacts> {
  return read((session) => ({
    waiting: session.all<WaitingJobs>(waiting),
    abandoned: session.get<{ readonly jobs: number }>(abandoned)?.jobs ?? 0,
    overdue: overdueOf(session, now),
    keys: [],
    lines: session.all<{ readonly gate: string; readonly jobs: number }>(lines),
  }));
}

function overdueOf(session: Session, now: number): ActivityFacts["overdue"] {
  return session.get<ActivityFacts["overdue"]>(overdue, now) ?? { jobs: 0, oldestAt: null };
}

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
