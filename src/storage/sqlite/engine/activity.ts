import type { ActivityFacts, Line, WaitingJobs } from "../../../core/health-facts.ts";
import type { CappedCount } from "../../../core/job-search.ts";
import type { Connection } from "../connection.ts";
import { allNames } from "./queue-settings.ts";

/** A count as SQLite gives it, where true is 1. */
interface CountRow {
  readonly jobs: number;
  readonly more: number;
}

type KindRow = CountRow & Pick<WaitingJobs, "queue" | "name" | "version">;
type DueRow = CountRow & Pick<ActivityFacts["overdue"], "oldestAt">;
type LineRow = CountRow & Pick<Line, "gate">;

/** What goes on. One key used often is no burden to SQLite, so keys are not counted. */
export async function readActivity(
  { read }: Connection,
  now: number,
  most: number,
): Promise<ActivityFacts> {
  const kinds = await read((session) => session.all<KindRow>(kindStatement, { most }));
  const running = await read((session) => session.get<CountRow>(abandonedStatement));
  const due = await read((session) => session.get<DueRow>(dueStatement, { now, most }));
  const lines = await read((session) => session.all<LineRow>(lineStatement, { most }));
  return {
    waiting: kinds.map(cappedOf),
    abandoned: cappedOf(running ?? { jobs: 0, more: 0 }),
    overdue: cappedOf(due ?? { jobs: 0, more: 0, oldestAt: null }),
    keys: [],
    lines: lines.map(cappedOf),
  };
}

function cappedOf<Row extends CountRow>({ more, ...row }: Row): Omit<Row, "more"> & CappedCount {
  return { ...row, atLeast: more === 1 };
}

/** The first jobs of each queue, by an expression that gives no more than its share of their ids. */
const firstOf = (table: string, ids: string): string =>
  `named CROSS JOIN holdfast_${table} AS job ON job.id IN (
      SELECT id FROM holdfast_${table} WHERE ${ids} LIMIT (SELECT most FROM share))`;

/**
 * The common table expressions that end with `barred`: the newest $most jobs that wait at gates, and of each queue some of those
 * stored before them, so that no queue is overlooked. There are others when `newest` is full.
 *
 * A driver may bind $most as a REAL, of which LIMIT takes no fraction: so the cast.
 *
 * Index: the primary key of holdfast_blocked from its end; holdfast_blocked_queue, so far in each queue; names of queues as orders
 * have them.
 */
const barredJobs = `newest AS MATERIALIZED (
    SELECT id, queue, gate, name, version FROM holdfast_blocked ORDER BY id DESC LIMIT $most
  ), named AS MATERIALIZED (${allNames}), share AS MATERIALIZED (
    SELECT max(100, CAST($most AS INTEGER) / max(1, count(*))) AS most FROM named
  ), barred AS MATERIALIZED (
    SELECT queue, gate, name, version FROM newest
    UNION ALL SELECT job.queue, job.gate, job.name, job.version FROM ${firstOf("blocked", "queue = named.name ORDER BY queue")}
    WHERE job.id < (SELECT min(id) FROM newest)
  )`;

/** Index: those of barred jobs; holdfast_live_ready, so far in each queue. Locks: none. */
const kindStatement = `
  WITH ${barredJobs}, looked AS (
    SELECT job.queue, job.name, job.version, 0 AS barred
    FROM ${firstOf("live", "owner IS NULL AND queue = named.name ORDER BY priority, seq")}
    UNION ALL SELECT queue, name, version, 1 FROM barred
  )
  SELECT queue, name, version, count(*) AS jobs, sum(sum(barred = 0)) OVER same >= (SELECT most FROM share)
    OR (sum(sum(barred)) OVER same > 0 AND (SELECT count(*) FROM newest) >= $most) AS more
  FROM looked GROUP BY queue, name, version WINDOW same AS (PARTITION BY queue) ORDER BY queue, name, version`;

/** Index: holdfast_live_running whole, which holds no more than workers have places. Locks: none. */
const abandonedStatement = `
  SELECT count(*) AS jobs, 0 AS more FROM holdfast_live INDEXED BY holdfast_live_running
  WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM holdfast_worker WHERE dead = 0)`;

/** Index: holdfast_later_due, the first of what is due. Locks: none. */
const dueStatement = `
  SELECT count(*) AS jobs, count(*) >= $most AS more, min(run_at) AS oldestAt
  FROM (SELECT run_at FROM holdfast_later WHERE run_at < $now ORDER BY run_at, id LIMIT $most)`;

/** Index: those of barred jobs; holdfast_blocked_line, so far at each gate named. Locks: none. */
const lineStatement = `
  WITH ${barredJobs}, fullest AS (
    SELECT gate FROM barred GROUP BY gate ORDER BY count(*) DESC, gate LIMIT 5
  )
  SELECT gate, jobs, jobs >= $most AS more FROM (
    SELECT gate, (SELECT count(*) FROM (SELECT 1 FROM holdfast_blocked WHERE gate = fullest.gate LIMIT $most)) AS jobs
    FROM fullest)
  ORDER BY jobs DESC, gate`;
