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
import type { Connection } from "../connection.ts";
import { idOf } from "../rows.ts";
import { lineHeads } from "./line-heads.ts";

/** Enough of the heads of all lines to see what each worker is at. */
const runningLooked = 5_000;

/** What is around a job. */
export async function lookAround(
  { schema, read }: Connection,
  job: Job,
  now: number,
): Promise<Surroundings> {
  const gate = job.waitingFor;
  const scope = gate === null ? null : (scopeOfGate(gate) ?? null);
  const isInLine = job.state === "available";
  const params = [idOf(job.id), job.queue, gate, scope, job.name, job.uniqueKey, now, isInLine];
  const [row] = await read<SurroundingsRow>(statement(schema), params);
  if (row === undefined) throw new Error("the surroundings of a job came without a row");
  return surroundingsOf(job, row);
}

/**
 * Index walked: live's ready index up to the job, blocked_line over its gate, done's primary key from its end, the primary keys of
 * keylock, live, scope, bucket and uniq. Rows locked: none. Cost: that of the line before the job, as far as it is counted; for an
 * available one the heads of all lines are looked at too, to see what each worker is at.
 */
function statement(schema: string): string {
  return `
    WITH ${lineHeads(schema, String(runningLooked), "$8")}, ahead AS (
      SELECT (SELECT count(*) FROM ${schema}.live me CROSS JOIN LATERAL (
          SELECT FROM ${schema}.live o WHERE o.queue = me.queue AND o.owner IS NULL
            AND (o.priority, o.seq) < (me.priority, me.seq) ORDER BY o.priority, o.seq LIMIT ${aheadCounted}) before
          WHERE me.id = $1 AND me.owner IS NULL)
        + (SELECT count(*) FROM ${schema}.blocked me CROSS JOIN LATERAL (
          SELECT FROM ${schema}.blocked o WHERE o.gate = me.gate AND o.seq < me.seq LIMIT ${aheadCounted}) before
          WHERE me.id = $1) AS jobs
    ), newest AS (
      SELECT queue, finished_at FROM ${schema}.done ORDER BY id DESC LIMIT ${recentJobs}
    ), recent AS (
      SELECT count(*) AS jobs, min(finished_at) AS since FROM newest
      WHERE queue = $2 AND finished_at > $7::bigint - ${recentMs}
    ), permits AS (
      SELECT k.job, k.weight, l.owner FROM ${schema}.keylock k JOIN ${schema}.live l ON l.id = k.job WHERE k.key = $3
    ), holders AS (
      SELECT json_agg(json_build_object('job', job::text, 'worker', owner::text) ORDER BY job) AS list
      FROM (SELECT job, owner FROM permits ORDER BY job LIMIT ${holdersNamed}) first
    ), loads AS (
      SELECT json_object_agg(owner, json_build_object('running', running, 'alone', alone::text)) AS list FROM (
        SELECT owner, count(*) FILTER (WHERE queue = $2) AS running, min(id) FILTER (WHERE crashes > 0) AS alone
        FROM head WHERE owner IS NOT NULL GROUP BY owner) each
    )
    SELECT ahead.jobs::text AS ahead, recent.jobs::text AS recent, recent.since::text AS since,
      holders.list::text AS holders, loads.list::text AS loads, (SELECT sum(weight) FROM permits)::text AS held,
      s.name IS NOT NULL AS declared, s.concurrent::text, s.rate_count::text, s.rate_ms::text,
      (SELECT full_at FROM ${schema}.bucket WHERE key = $3)::text AS full_at,
      (SELECT holder FROM ${schema}.uniq
        WHERE name = $5 AND key = $6 AND holder <> $1 AND coalesce(until > $7, true))::text AS key_holder
    FROM ahead CROSS JOIN recent CROSS JOIN holders CROSS JOIN loads LEFT JOIN ${schema}.scope s ON s.name = $4`;
}
