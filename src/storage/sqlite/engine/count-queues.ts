import type { QueueRecord } from "../../../core/queue.ts";
import { type QueueRow, queueOf } from "../../shared/queue-row.ts";
import { allNames } from "./queue-settings.ts";
import type { Session } from "./session.ts";

/** Queues with counts that stop at so many. */
export function countQueues(
  session: Session,
  countAtMost: number,
  name?: string,
): readonly QueueRecord[] {
  const only = name === undefined ? {} : { name };
  return session
    .all<QueueRow>(name === undefined ? all : one, { most: countAtMost, ...only })
    .map(queueOf);
}

const all = statement("TRUE");
const one = statement("known.name = $name");

/**
 * Index: holdfast_live_ready and holdfast_blocked_queue, so far in each queue; holdfast_live_running whole; holdfast_later_due from its
 * front; names of queues as orders have them. Locks: none.
 */
function statement(only: string): string {
  const counted = (table: string, condition: string) =>
    `(SELECT count(*) FROM (SELECT 1 FROM holdfast_${table} WHERE ${condition} queue = known.name LIMIT $most))`;
  return `
  WITH soon AS MATERIALIZED (
    SELECT queue FROM holdfast_later ORDER BY run_at, id LIMIT $most
  ), running AS MATERIALIZED (
    SELECT queue, count(*) AS jobs FROM holdfast_live INDEXED BY holdfast_live_running WHERE owner IS NOT NULL GROUP BY queue
  ), known AS (
    SELECT name FROM (${allNames}) UNION SELECT queue FROM soon UNION SELECT queue FROM running
  )
  SELECT counted.*, available >= $most AS available_more, 0 AS running_more, blocked >= $most AS blocked_more,
    (SELECT count(*) FROM soon) >= $most AS scheduled_more
  FROM (SELECT known.name, coalesce(paused, 0) AS paused, coalesce(closed_until, 0) AS closed_until,
      coalesce(throttle_level, 0) AS throttle_level, ${counted("live", "owner IS NULL AND")} AS available,
      coalesce((SELECT jobs FROM running WHERE queue = known.name), 0) AS running, ${counted("blocked", "")} AS blocked,
      (SELECT count(*) FROM soon WHERE queue = known.name) AS scheduled,
      concurrency, max_running, backoff, keep_completed_ms, keep_dead_ms, changed_at, changed_by
    FROM known LEFT JOIN holdfast_queue AS settings ON settings.name = known.name WHERE ${only}) AS counted
  ORDER BY name`;
}
