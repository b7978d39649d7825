import type {
  ActivityFacts,
  KeyUse,
  WaitingJobs,
  WorkerHealth,
} from "../../../core/health-facts.ts";
import type { Connection } from "../connection.ts";

interface WorkerRow
  extends Pick<WorkerHealth, "id" | "host" | "pid" | "queues" | "handlers" | "versions"> {
  readonly lease_ms: string;
  readonly silent_ms: number;
}

interface CountRow {
  readonly abandoned: string;
  readonly overdue: string;
  readonly oldest_at: string | null;
}

interface KeyRow extends Omit<KeyUse, "spanMs"> {
  readonly span_ms: string;
}

/** What waits, and who is there for it. */
export async function readActivity(
  { read, schema }: Connection,
  now: number,
): Promise<ActivityFacts> {
  const [workers, waiting, [count], keys, lines] = await Promise.all([
    read<WorkerRow>(workerStatement(schema)),
    read<WaitingJobs>(waitingStatement(schema)),
    read<CountRow>(countStatement(schema), [now]),
    read<KeyRow>(keyStatement(schema)),
    read<{ readonly gate: string; readonly jobs: number }>(lineStatement(schema)),
  ]);
  const oldestAt = count?.oldest_at ?? null;
  return {
    workers: workers.map(({ lease_ms: leaseMs, silent_ms: silentMs, ...worker }) => ({
      ...worker,
      leaseMs: Number(leaseMs),
      silentMs,
    })),
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

/** A beat is the moment it was sent. */
const workerStatement = (schema: string): string => `
  SELECT id::text, host, pid, queues, handlers, versions, lease_ms::text,
    greatest(0, extract(epoch FROM clock_timestamp() - beat::timestamptz) * 1000)::float8 AS silent_ms
  FROM ${schema}.worker WHERE NOT dead ORDER BY worker.id`;

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
