import type { QueueGauges } from "../../../core/queue-gauges.ts";
import { dueLooked, type GaugesRow, gaugesOf } from "../../shared/gauges-row.ts";
import { allNames } from "./queue-settings.ts";
import type { Session } from "./session.ts";

/** How queues stand. */
export function readGauges(session: Session, now: number): readonly QueueGauges[] {
  return session.all<GaugesRow>(statement, now).map(gaugesOf);
}

/**
 * Index: holdfast_live_ready, to the first job of each queue and priority; holdfast_later_due, the first of what is due; names of queues as
 * orders have them. Locks: none.
 */
const statement = `
  WITH due AS (
    SELECT queue, min(run_at) AS run_at FROM (
      SELECT queue, run_at FROM holdfast_later WHERE run_at <= ?1 ORDER BY run_at, id LIMIT ${dueLooked})
    GROUP BY queue
  ), known AS (SELECT name FROM (${allNames}) UNION SELECT queue FROM due)
  SELECT known.name, coalesce(paused, 0) AS paused, coalesce(closed_until, 0) AS closed_until, concurrency, max_running,
    (SELECT min(run_at) FROM (
      SELECT (SELECT run_at FROM holdfast_live WHERE owner IS NULL AND queue = known.name AND priority = p.value
        ORDER BY seq LIMIT 1) AS run_at FROM json_each('[0,1,2,3,4,5,6,7,8,9]') AS p
      UNION ALL SELECT run_at FROM due WHERE queue = known.name)) AS due_since
  FROM known LEFT JOIN holdfast_queue AS settings ON settings.name = known.name
  ORDER BY known.name`;
