import { scopeOfGate } from "../../../core/gate.ts";
import type { Job } from "../../../core/job.ts";
import type { Surroundings } from "../../../core/surroundings.ts";
import {
  aheadCounted,
  holdersNamed,
  recentJobs,
  recentMs,
  surroundingsOf,
  type SurroundingsRow,
} from "../../shared/surroundings-row.ts";
import { idOf } from "../rows.ts";
import type { Session } from "./session.ts";

/** What is around a job. */
export function lookAround(session: Session, job: Job, now: number): Surroundings {
  const gate = job.waitingFor;
  const row = session.get<SurroundingsRow>(statement, {
    id: idOf(job.id),
    queue: job.queue,
    gate,
    scope: gate === null ? null : (scopeOfGate(gate) ?? null),
    name: job.name,
    key: job.uniqueKey,
    now,
    isInLine: job.state === "available" ? 1 : 0,
  });
  if (row === undefined) throw new Error("the surroundings of a job came without a row");
  return surroundingsOf(job, row);
}

/**
 * Index: holdfast_live_ready up to the job, holdfast_blocked_line over its gate, done's primary key from its end, the primary keys
 * of keylock, live, scope, bucket and uniq, and for an available job holdfast_live_running. Locks: none. Cost: that of the line before the job, as far as it is counted.
 */
const statement = `
  WITH ahead AS (
    SELECT (SELECT count(*) FROM (SELECT 1 FROM holdfast_live me CROSS JOIN holdfast_live o
        ON o.queue = me.queue AND o.owner IS NULL AND (o.priority, o.seq) < (me.priority, me.seq)
        WHERE me.id = $id AND me.owner IS NULL LIMIT ${aheadCounted}))
      + (SELECT count(*) FROM (SELECT 1 FROM holdfast_blocked me CROSS JOIN holdfast_blocked o
        ON o.gate = me.gate AND o.seq < me.seq WHERE me.id = $id LIMIT ${aheadCounted})) AS jobs
  ), recent AS (
    SELECT count(*) AS jobs, min(finished_at) AS since
    FROM (SELECT queue, finished_at FROM holdfast_done ORDER BY id DESC LIMIT ${recentJobs})
    WHERE queue = $queue AND finished_at > $now - ${recentMs}
  ), permits AS (
    SELECT k.job, k.weight, l.owner FROM holdfast_keylock k CROSS JOIN holdfast_live l ON l.id = k.job WHERE k.key = $gate
  ), holders AS (
    SELECT json_group_array(json_object('job', CAST(job AS TEXT), 'worker', CAST(owner AS TEXT))) AS list
    FROM (SELECT job, owner FROM permits ORDER BY job LIMIT ${holdersNamed})
  ), loads AS (
    SELECT json_group_object(CAST(owner AS TEXT), json_object('running', running, 'alone', CAST(alone AS TEXT))) AS list
    FROM (
      SELECT owner, count(*) FILTER (WHERE queue = $queue) AS running, min(id) FILTER (WHERE crashes > 0) AS alone
      FROM holdfast_live WHERE $isInLine AND owner IS NOT NULL GROUP BY owner)
  )
  SELECT ahead.jobs AS ahead, recent.jobs AS recent, recent.since, holders.list AS holders,
    loads.list AS loads,
    (SELECT sum(weight) FROM permits) AS held, s.name IS NOT NULL AS declared, s.concurrent, s.rate_count, s.rate_ms,
    (SELECT full_at FROM holdfast_bucket WHERE key = $gate) AS full_at,
    (SELECT holder FROM holdfast_uniq
      WHERE name = $name AND key = $key AND holder <> $id AND (until IS NULL OR until > $now)) AS key_holder
  FROM ahead CROSS JOIN recent CROSS JOIN holders CROSS JOIN loads LEFT JOIN holdfast_scope s ON s.name = $scope`;
