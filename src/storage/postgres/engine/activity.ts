import type { ActivityFacts, KeyUse, Line, WaitingJobs } from "../../../core/health-facts.ts";
import type { CappedCount } from "../../../core/job-search.ts";
import type { Connection } from "../connection.ts";
import { equalInOrder, unseenLimit } from "./index-order.ts";
import { lineHeads, mayGoOn } from "./line-heads.ts";

interface KindRow extends WaitingJobs {
  readonly abandoned: number;
  /** Of those abandoned. */
  readonly more: boolean | null;
}

interface DueRow extends CappedCount {
  readonly oldest: string | null;
}

interface KeyRow extends Omit<KeyUse, "spanMs"> {
  readonly span: string;
}

/** What goes on. */
export async function readActivity(
  { read, schema }: Connection,
  now: number,
  lookAtMost: number,
): Promise<ActivityFacts> {
  const [kinds, [due], keys, lines] = await Promise.all([
    read<KindRow>(kindStatement(schema), [lookAtMost]),
    read<DueRow>(dueStatement(schema), [now, lookAtMost]),
    read<KeyRow>(keyStatement(schema)),
    read<Line>(lineStatement(schema), [lookAtMost]),
  ]);
  const oldestAt = due?.oldest ?? null;
  return {
    waiting: kinds
      .filter(({ jobs }) => jobs > 0)
      .map(({ abandoned: _abandoned, more: _more, ...waiting }) => waiting),
    abandoned: {
      jobs: kinds.reduce((sum, { abandoned }) => sum + abandoned, 0),
      atLeast: kinds.some(({ more }) => more === true),
    },
    overdue: {
      jobs: due?.jobs ?? 0,
      atLeast: due?.atLeast ?? false,
      oldestAt: oldestAt === null ? null : Number(oldestAt),
    },
    keys: keys.map(({ span, ...use }) => ({ ...use, spanMs: Number(span) })),
    lines,
  };
}

/**
 * The common table expressions that end with `barred`: the newest $1 jobs that wait at gates, and of each queue some of those stored
 * before them, so that no queue is overlooked. There are others when `newest` is full.
 *
 * Index walked: blocked's primary key from its end; blocked_queue, so far in each queue.
 */
const barredJobs = (schema: string): string => `newest AS MATERIALIZED (
      SELECT id, queue, gate, name, version FROM ${schema}.blocked ORDER BY id DESC ${unseenLimit("$1")}
    ), named AS MATERIALIZED (
      SELECT name FROM ${schema}.queue UNION SELECT ${schema}.waiting_queues()
    ), barred AS MATERIALIZED (
      SELECT queue, gate, name, version FROM newest
      UNION ALL SELECT named.name, job.gate, job.name, job.version FROM named CROSS JOIN LATERAL (
        SELECT b.id, b.gate, b.name, b.version FROM ${schema}.blocked b WHERE ${equalInOrder("b.queue", "named.name")}
        LIMIT (SELECT greatest(100, $1::bigint / count(*)) FROM named)) AS job
      WHERE job.id < (SELECT min(id) FROM newest)
    )`;

/** Index walked: those of lines' heads and of barred jobs; a worker's primary key for each job that runs. Rows locked: none. */
const kindStatement = (schema: string): string => `
  WITH ${lineHeads(schema, "$1")}, ${barredJobs(schema)}, looked AS (
    SELECT head.queue, head.name, head.version, head.owner IS NULL AS waits, head.place >= share.of_line AS cut,
      CASE WHEN head.owner IS NOT NULL AND worker.id IS NULL THEN head.place END AS place
    FROM head CROSS JOIN share LEFT JOIN ${schema}.worker ON worker.id = head.owner AND NOT worker.dead
    UNION ALL SELECT queue, name, version, true, (SELECT count(*) >= $1::bigint FROM newest), NULL FROM barred
  )
  SELECT queue, name, version, count(*) FILTER (WHERE waits)::integer AS jobs,
    bool_or(bool_or(cut)) OVER (PARTITION BY queue) AS "atLeast", count(head.place)::integer AS abandoned, ${mayGoOn} AS more
  FROM looked AS head
  GROUP BY 1, 2, 3 ORDER BY queue COLLATE "C", name COLLATE "C", version`;

/** Index walked: later_due, the first of what is due. Rows locked: none. */
const dueStatement = (schema: string): string => `
  SELECT count(*)::integer AS jobs, count(*) >= $2::bigint AS "atLeast", min(run_at)::text AS oldest
  FROM (SELECT run_at FROM ${schema}.later WHERE run_at < $1 ORDER BY run_at, id ${unseenLimit("$2")}) AS first`;

/** Index walked: the newest thousand of done's primary key. Rows locked: none. */
const keyStatement = (schema: string): string => `
  SELECT name, unique_key AS key, count(*)::integer AS uses, (max(finished_at) - min(finished_at))::text AS span
  FROM (SELECT name, unique_key, finished_at FROM ${schema}.done ORDER BY id DESC LIMIT 1000) AS newest
  WHERE unique_key IS NOT NULL
  GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5`;

/** Index walked: those of barred jobs; blocked_line, so far at each gate named. Rows locked: none. */
const lineStatement = (schema: string): string => `
  WITH ${barredJobs(schema)}, fullest AS (
    SELECT gate FROM barred GROUP BY gate ORDER BY count(*) DESC, gate LIMIT 5
  )
  SELECT fullest.gate, line.jobs, line.jobs >= $1::bigint AS "atLeast"
  FROM fullest CROSS JOIN LATERAL (
    SELECT count(*)::integer AS jobs FROM (
      SELECT FROM ${schema}.blocked b WHERE ${equalInOrder("b.gate", "fullest.gate")} ${unseenLimit("$1")}) AS first) AS line
  ORDER BY 2 DESC, 1`;
