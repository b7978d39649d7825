import type { JobCount, QueueGauges } from "../../../core/queue-gauges.ts";
import {
  dueLooked,
  type GaugesRow,
  gaugesOf,
  type JobCountRow,
  jobCountsOf,
} from "../../shared/gauges-row.ts";
import type { Connection } from "../connection.ts";

/** How queues stand. */
export async function readGauges(
  { schema, read }: Pick<Connection, "schema" | "read">,
  now: number,
): Promise<readonly QueueGauges[]> {
  return (await read<GaugesRow>(gaugesStatement(schema), [now])).map(gaugesOf);
}

/** Counts what has not finished. */
export async function countUnfinished({
  schema,
  read,
}: Pick<Connection, "schema" | "read">): Promise<readonly JobCount[]> {
  return jobCountsOf(await read<JobCountRow>(countStatement(schema)));
}

/**
 * Index walked: live_ready of every child, to the first job of each queue and priority that nobody runs; later_due, the first of what is due; names
 * of queues without a row as `waiting_queues` does. Rows locked: none.
 */
function gaugesStatement(schema: string): string {
  return `
    WITH due AS (
      SELECT queue, min(run_at) AS run_at FROM (
        SELECT queue, run_at FROM ${schema}.later WHERE run_at <= $1::bigint ORDER BY run_at, id LIMIT ${dueLooked}) AS first
      GROUP BY queue
    ), known AS (
      SELECT name FROM ${schema}.queue UNION SELECT ${schema}.waiting_queues() UNION SELECT queue FROM due
    )
    SELECT k.name, coalesce(q.paused, false) AS paused, coalesce(q.closed_until, 0)::text AS closed_until, q.concurrency,
      q.max_running, least(ready.run_at, due.run_at)::text AS due_since
    FROM known k LEFT JOIN ${schema}.queue q USING (name) LEFT JOIN due ON due.queue = k.name
      CROSS JOIN LATERAL (
        SELECT min(head.run_at) AS run_at FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
          SELECT run_at FROM ${schema}.live WHERE queue = k.name AND priority = p.priority::smallint AND owner IS NULL
          ORDER BY seq LIMIT 1) AS head
      ) AS ready
    ORDER BY k.name COLLATE "C"`;
}

/** Walks live and later whole; of blocked the index of queues. */
function countStatement(schema: string): string {
  return `
    SELECT queue, CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS state, count(*)::text AS jobs
    FROM ${schema}.live GROUP BY 1, 2
    UNION ALL SELECT queue, 'blocked', count(*)::text FROM ${schema}.blocked GROUP BY 1
    UNION ALL SELECT queue, CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END, count(*)::text
    FROM ${schema}.later GROUP BY 1, 2`;
}
