import type { QueueRecord } from "../../../core/queue.ts";
import { type QueueRow, queueOf } from "../../shared/queue-row.ts";
import type { Connection } from "../connection.ts";
import { equalInOrder, unseenLimit } from "./index-order.ts";
import { lineHeads, lookFurther, mayGoOn } from "./line-heads.ts";

/** What runs is found at the heads of lines: fewer would say little. */
const leastHeads = 20_000;

/** Queues with counts that stop at so many. */
export async function countQueues(
  { schema, read }: Pick<Connection, "schema" | "read">,
  countAtMost: number,
  name?: string,
): Promise<readonly QueueRecord[]> {
  const { queues } = await lookFurther(Math.max(countAtMost, leastHeads), async (heads) => {
    const params = [countAtMost, heads, ...(name === undefined ? [] : [name])];
    const rows = await read<QueueRow>(statement(schema, name), params);
    return { queues: rows.map(queueOf), atLeast: rows.some((row) => Boolean(row.running_more)) };
  });
  return queues;
}

/**
 * Index walked: live_ready of every child and blocked_queue, so far in each queue; later_due from its front; names of queues without a
 * row as `waiting_queues` does.
 */
function statement(schema: string, name: string | undefined): string {
  const only = name === undefined ? "TRUE" : "known.name = $3";
  return `
    WITH ${lineHeads(schema, "$2", only)}, running AS (
      SELECT queue, count(*) AS jobs, ${mayGoOn} AS more FROM head WHERE owner IS NOT NULL GROUP BY queue
    ), soon AS MATERIALIZED (
      SELECT queue FROM ${schema}.later ORDER BY run_at, id ${unseenLimit("$1")}
    ), booked AS MATERIALIZED (
      SELECT queue, count(*) AS jobs FROM soon GROUP BY queue
    ), known AS (
      SELECT name FROM ${schema}.queue UNION SELECT ${schema}.waiting_queues() UNION SELECT queue FROM booked
    )
    SELECT known.name, coalesce(q.paused, false) AS paused, coalesce(q.closed_until, 0)::text AS closed_until,
      coalesce(q.throttle_level, 0) AS throttle_level, ready.jobs::text AS available, coalesce(running.jobs, 0)::text AS running,
      barred.jobs::text AS blocked, coalesce(booked.jobs, 0)::text AS scheduled, q.concurrency, q.max_running,
      q.backoff::text AS backoff, q.keep_completed_ms::text, q.keep_dead_ms::text, q.changed_at::text, q.changed_by,
      ready.looked >= $1::bigint AS available_more, coalesce(running.more, false) AS running_more,
      barred.jobs >= $1::bigint AS blocked_more, (SELECT count(*) FROM soon) >= $1::bigint AS scheduled_more
    FROM known LEFT JOIN ${schema}.queue q USING (name) LEFT JOIN running ON running.queue = known.name
      LEFT JOIN booked ON booked.queue = known.name CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE owner IS NULL) AS jobs, count(*) AS looked FROM (
          SELECT owner FROM ${schema}.live WHERE queue = known.name ORDER BY priority, seq ${unseenLimit("$1")}) AS first
      ) AS ready CROSS JOIN LATERAL (
        SELECT count(*) AS jobs FROM (
          SELECT FROM ${schema}.blocked WHERE ${equalInOrder("queue", "known.name")} ${unseenLimit("$1")}) AS first
      ) AS barred
    WHERE ${only}
    ORDER BY known.name COLLATE "C"`;
}
