import type { ActivityFacts, KeyUse, WaitingJobs } from "../../../core/health-facts.ts";
import type { Connection } from "../connection.ts";

interface CountRow {
  readonly abandoned: string;
  readonly overdue: string;
  readonly oldest_at: string | null;
}

interface KeyRow extends Omit<KeyUse, "spanMs"> {
  readonly span_ms: string;
}

/** What waits. */
export async function readActivity(
  { read, schema }: Connection,
  now: number,
): Promise<ActivityFacts> {
  const [waiting, [count], keys, lines] = await Promise.all([
    read<WaitingJobs>(waitingStatement(schema)),
    read<CountRow>(countStatement(schema), [now]),
    read<KeyRow>(keyStatement(schema)),
    read<{ readonly gate: string; readonly jobs: number }>(lineStatement(schema)),
  ]);
  const oldestAt = count?.oldest_at ?? null;
  return {
    waiting,
    abandoned: Number(count?.abandoned ?? 0),
    overdue: {
      jobs: Number(count?.overdue ?? 0),
      oldestAt: oldestAt === null ? null : Number(oldestAt),
    },
    keys: keys.map(({ span_ms: spanMs, ...use }) => ({ ...use, spanMs: Number(spanMs) })),
    lines,
  };
}

/** Walks live and blocked whole, dead rows included. */
const waitingStatement = (schema: string): string => `
  SELECT queue, name, version, count(*)::integer AS jobs
  FROM (
    SELECT queue, name, version FROM ${schema}.live WHERE owner IS NULL
    UNION ALL SELECT queue, name, version FROM ${schema}.blocked
  ) AS job
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** Walks live once more, and of later_due what is due. */
const countStatement = (schema: string): string => `
  SELECT (SELECT count(*) FROM ${schema}.live
      WHERE owner IS NOT NULL AND NOT EXISTS (SELECT FROM ${schema}.worker w WHERE w.id = owner AND NOT w.dead))::text AS abandoned,
    count(*)::text AS overdue, min(run_at)::text AS oldest_at
  FROM ${schema}.later WHERE run_at < $1`;

/** Index walked: the newest thousand of done's primary key. */
const keyStatement = (schema: string): string => `
  SELECT name, unique_key AS key, count(*)::integer AS uses, (max(finished_at) - min(finished_at))::text AS span_ms
  FROM (SELECT name, unique_key, finished_at FROM ${schema}.done ORDER BY id DESC LIMIT 1000) AS newest
  WHERE unique_key IS NOT NULL
  GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5`;

/** Walks blocked_line whole. */
const lineStatement = (schema: string): string => `
  SELECT gate, count(*)::integer AS jobs FROM ${schema}.blocked GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5`;
