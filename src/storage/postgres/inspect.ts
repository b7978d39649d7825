import { sumOfStates } from "../../core/job-search.ts";
import { isFinished, type JobState } from "../../core/job.ts";
import type { InspectStore } from "../contract/inspect.ts";
import {
  type EndRow,
  type JobRow,
  jobEndOf,
  jobOf,
  type TermsRow,
  termsOf,
  type TextsRow,
  textsOf,
  valueColumns,
} from "../shared/job-json.ts";
import { type QueueRow, queueOf } from "../shared/queue-row.ts";
import type { JobConditions } from "../../core/job-filter.ts";
import type { Connection } from "./connection.ts";
import { countJobs } from "./engine/count-jobs.ts";
import { lookAround } from "./engine/look-around.ts";
import { countUnfinished, readGauges } from "./engine/queue-gauges.ts";
import { type Conditions, conditionsOf } from "./engine/job-conditions.ts";
import { jobsFrom, tablesFor } from "./engine/jobs-from.ts";
import { idOf, viewColumns, viewColumnsUpTo } from "./rows.ts";

/** Reads jobs and queues; every method is one statement and so one consistent view of all tables. */
export function createInspectStore(connection: Connection): InspectStore {
  const { schema, read } = connection;
  return {
    async getJob(id) {
      const sql = `SELECT ${viewColumns} FROM ${schema}.jobs WHERE id = $1`;
      const [row] = await read<JobRow>(sql, [idOf(id)]);
      return row === undefined ? undefined : jobOf(row);
    },

    listJobs: (...asked) => listJobs(connection, ...asked),
    readTexts: (ids, upTo) => readTexts(connection, ids, upTo),

    readTerms: (id) => readTerms(connection, id),

    countJobs: async (query) => (await countJobs(connection, query)).byState,

    async previewJobs(query, limit) {
      const { byState, newest } = await countJobs(connection, query);
      const matched = sumOfStates(byState);
      if (newest === null) return { byState, sample: [] };
      // Begun at the newest that matches and ended by the last, it passes by few that do not.
      const after = String(BigInt(newest) + 1n);
      return {
        byState,
        sample: await listJobs(connection, query, Math.min(limit, matched), after),
      };
    },

    findEnds: (ids) => findEnds(connection, ids),

    async listQueues(name) {
      const params = name === undefined ? [] : [name];
      return (await read<QueueRow>(queuesStatement(schema, name), params)).map(queueOf);
    },

    readGauges: (now) => readGauges(connection, now),
    countUnfinished: () => countUnfinished(connection),
    lookAround: (job, now) => lookAround(connection, job, now),

    async getCooling(queue) {
      const sql = `SELECT throttle_level, closed_until::text FROM ${schema}.queue WHERE name = $1`;
      const [row] = await read<CoolingRow>(sql, [queue]);
      return { level: row?.throttle_level ?? 0, closedUntil: Number(row?.closed_until ?? 0) };
    },
  };
}

async function listJobs(
  { schema, read }: Connection,
  ...[query, limit, after, valuesUpTo]: Parameters<InspectStore["listJobs"]>
): ReturnType<InspectStore["listJobs"]> {
  const { sql, params } = where(query, after);
  const rows = await read<JobRow>(
    `SELECT ${viewColumnsUpTo(valuesUpTo)} FROM ${from(schema, query)} ${sql} ORDER BY jobs.id DESC LIMIT $${params.length + 1}`,
    [...params, limit],
  );
  return rows.map(jobOf);
}

async function readTerms(
  { schema, read }: Connection,
  id: string,
): ReturnType<InspectStore["readTerms"]> {
  const sql = `SELECT policy::text, unique_while FROM ${schema}.jobs WHERE id = $1`;
  const [row] = await read<TermsRow>(sql, [idOf(id)]);
  return row === undefined ? undefined : termsOf(row);
}

async function readTexts(
  { schema, read }: Connection,
  ids: readonly string[],
  upTo: number | undefined,
): ReturnType<InspectStore["readTexts"]> {
  const columns = valueColumns.map((column) =>
    upTo === undefined ? `${column}::text` : `left(${column}::text, ${upTo}) AS ${column}`,
  );
  const sql = `SELECT id::text, ${columns.join(", ")} FROM ${schema}.jobs WHERE id = ANY ($1::bigint[]) ORDER BY jobs.id DESC`;
  return (await read<TextsRow>(sql, [ids.map(idOf)])).map(textsOf);
}

async function findEnds(
  { schema, read }: Connection,
  ids: readonly string[],
): ReturnType<InspectStore["findEnds"]> {
  const sql = `SELECT id::text, state, result::text, reason::text FROM ${schema}.jobs
    WHERE id = ANY ($1::bigint[])`;
  const rows = await read<EndRow>(sql, [ids.map(idOf)]);
  const found = new Set(rows.map((row) => row.id));
  return {
    ends: rows.filter(({ state }) => isFinished(state as JobState)).map(jobEndOf),
    missing: ids.filter((id) => !found.has(id)),
  };
}

/** Only the tables that can hold such jobs. */
function from(schema: string, query: JobConditions): string {
  return jobsFrom(schema, tablesFor(query));
}

function where(query: JobConditions, after?: string): Conditions {
  const { sql, params } = conditionsOf(query, after === undefined ? {} : { below: after });
  return { sql: sql === "" ? "" : `WHERE ${sql}`, params };
}

interface CoolingRow {
  readonly throttle_level: number;
  readonly closed_until: string;
}

/** Walks all of live and what waits, of one queue or of all: a page for people, not for programs. */
function queuesStatement(schema: string, name: string | undefined): string {
  const only = name === undefined ? "" : "WHERE queue = $1";
  return `
    WITH counted AS (
      SELECT queue AS name, count(*) FILTER (WHERE owner IS NULL) AS available,
        count(*) FILTER (WHERE owner IS NOT NULL) AS running, 0 AS blocked, 0 AS scheduled
      FROM ${schema}.live ${only} GROUP BY queue
      UNION ALL SELECT queue, 0, 0, count(*), 0 FROM ${schema}.blocked ${only} GROUP BY queue
      UNION ALL SELECT queue, 0, 0, 0, count(*) FROM ${schema}.later ${only} GROUP BY queue
      UNION ALL SELECT name, 0, 0, 0, 0 FROM ${schema}.queue ${only.replace("queue", "name")}
    ), summed AS (
      SELECT name, sum(available)::text AS available, sum(running)::text AS running, sum(blocked)::text AS blocked,
        sum(scheduled)::text AS scheduled
      FROM counted GROUP BY name
    )
    SELECT name, coalesce(q.paused, false) AS paused, coalesce(q.closed_until, 0)::text AS closed_until,
      coalesce(q.throttle_level, 0) AS throttle_level, s.available, s.running, s.blocked, s.scheduled, q.concurrency,
      q.max_running, q.backoff::text AS backoff, q.keep_completed_ms::text, q.keep_dead_ms::text, q.changed_at::text,
      q.changed_by
    FROM summed s LEFT JOIN ${schema}.queue q USING (name)
    ORDER BY name COLLATE "C"`;
}
