import { sumOfStates } from "../../core/job-search.ts";
import { isFinished, type Job } from "../../core/job.ts";
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
import type { Connection } from "./connection.ts";
import { countJobs } from "./engine/count-jobs.ts";
import { countUnfinished } from "./engine/count-unfinished.ts";
import { lookAround } from "./engine/look-around.ts";
import { readGauges } from "./engine/queue-gauges.ts";
import { conditionsOf } from "./engine/job-conditions.ts";
import type { Session } from "./engine/session.ts";
import { listColumnsUpTo, selectState } from "./engine/state-place.ts";
import { coolingOf, idList, idOf } from "./rows.ts";

/** Reads jobs and queues; every method is one statement and so one consistent view of all tables. */
export function createInspectStore(connection: Connection): InspectStore {
  return {
    async getJob(id) {
      const row = await connection.read((session) => session.get<JobRow>(readJob, idOf(id)));
      return row === undefined ? undefined : jobOf(row);
    },
    listJobs: (...asked) => connection.read((session) => listJobs(session, ...asked)),
    async readTexts(ids, upTo) {
      const sql = readTexts(upTo);
      const rows = await connection.read((session) => session.all<TextsRow>(sql, idList(ids)));
      return rows.map(textsOf);
    },
    async readTerms(id) {
      const row = await connection.read((session) => session.get<TermsRow>(readTerms, idOf(id)));
      return row === undefined ? undefined : termsOf(row);
    },
    countJobs: (query) => connection.read((session) => countJobs(session, query).byState),
    previewJobs: (query, limit) =>
      connection.read((session) => {
        const { byState, newest } = countJobs(session, query);
        const matched = sumOfStates(byState);
        if (newest === null) return { byState, sample: [] };
        // Begun at the newest that matches and ended by the last, it passes by few that do not.
        const size = Math.min(limit, matched);
        return { byState, sample: listJobs(session, query, size, String(newest + 1)) };
      }),
    async findEnds(ids) {
      const rows = await connection.read((session) => session.all<EndRow>(readEnds, idList(ids)));
      const found = new Set(rows.map((row) => String(row.id)));
      return {
        ends: rows.map(jobEndOf).filter(({ state }) => isFinished(state)),
        missing: ids.filter((id) => !found.has(id)),
      };
    },
    async listQueues(name) {
      const params = name === undefined ? [] : [name];
      const rows = await connection.read((session) =>
        session.all<QueueRow>(readQueues(name), ...params),
      );
      return rows.map(queueOf);
    },
    readGauges: (now) => connection.read((session) => readGauges(session, now)),
    countUnfinished: () => countUnfinished(connection),
    lookAround: (job, now) => connection.read((session) => lookAround(session, job, now)),
    getCooling: (queue) => connection.read((session) => coolingOf(session, queue)),
  };
}

function listJobs(
  session: Session,
  ...[query, limit, after, valuesUpTo]: Parameters<InspectStore["listJobs"]>
): readonly Job[] {
  const range = after === undefined ? {} : { below: idOf(after) };
  const { states, where, values } = conditionsOf(query, range);
  if (states.length === 0) return [];
  // Each part walks its table in id order, and SQLite merges them.
  const columns = listColumnsUpTo(valuesUpTo);
  const sql = `${states.map((state) => selectState(state, columns, where(state))).join(" UNION ALL ")}
    ORDER BY id DESC LIMIT $limit`;
  return session.all<JobRow>(sql, { ...values, limit }).map(jobOf);
}

/** Index: the primary key of each job table. Locks: none. */
const readJob = "SELECT * FROM holdfast_jobs WHERE id = ?";

/** Index: the primary key of each job table, once per id. Locks: none. */
const readEnds = `
  SELECT id, state, result, reason FROM holdfast_jobs WHERE id IN (SELECT value FROM json_each(?))`;

/** Index: the primary key of each job table, once per id. Locks: none. */
function readTexts(upTo: number | undefined): string {
  const columns = valueColumns.map((column) =>
    upTo === undefined ? column : `substr(${column}, 1, ${upTo}) AS ${column}`,
  );
  return `SELECT id, ${columns.join(", ")} FROM holdfast_jobs
    WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC`;
}

/** Index: the primary key of each job table; the view leaves these columns out. Locks: none. */
const readTerms = ["live", "later", "blocked", "done", "dead"]
  .map((table) => `SELECT policy, unique_while FROM holdfast_${table} WHERE id = ?1`)
  .join(" UNION ALL ");

/** Index: holdfast_live_ready and holdfast_live_running whole; what waits by a walk. Locks: none. */
function readQueues(name: string | undefined): string {
  const only = name === undefined ? "" : "AND queue = ?1";
  return `
  SELECT name, max(paused) AS paused, max(closed_until) AS closed_until, max(throttle_level) AS throttle_level,
    sum(available) AS available, sum(running) AS running, sum(blocked) AS blocked, sum(scheduled) AS scheduled,
    max(concurrency) AS concurrency, max(max_running) AS max_running, max(backoff) AS backoff,
    max(keep_completed_ms) AS keep_completed_ms, max(keep_dead_ms) AS keep_dead_ms, max(changed_at) AS changed_at,
    max(changed_by) AS changed_by
  FROM (
    SELECT name, paused, closed_until, throttle_level, 0 AS available, 0 AS running, 0 AS blocked, 0 AS scheduled,
      concurrency, max_running, backoff, keep_completed_ms, keep_dead_ms, changed_at, changed_by
    FROM holdfast_queue WHERE 1 ${only.replace("queue", "name")}
    UNION ALL SELECT queue, 0, 0, 0, count(*), 0, 0, 0, ${unset} FROM holdfast_live WHERE owner IS NULL ${only} GROUP BY queue
    UNION ALL SELECT queue, 0, 0, 0, 0, count(*), 0, 0, ${unset} FROM holdfast_live WHERE owner IS NOT NULL ${only} GROUP BY queue
    UNION ALL SELECT queue, 0, 0, 0, 0, 0, count(*), 0, ${unset} FROM holdfast_blocked WHERE 1 ${only} GROUP BY queue
    UNION ALL SELECT queue, 0, 0, 0, 0, 0, 0, count(*), ${unset} FROM holdfast_later WHERE 1 ${only} GROUP BY queue)
  GROUP BY name ORDER BY name`;
}

const unset = "NULL, NULL, NULL, NULL, NULL, NULL, NULL";
