import { isFinished, type JobState, jobStates } from "../../core/job.ts";
import type { Queue } from "../../core/queue.ts";
import type { InspectStore, JobQuery } from "../contract/inspect.ts";
import { type EndRow, type JobRow, jobEndOf, jobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import type { SqlValue } from "./engine/handle.ts";
import { coolingOf, idList, idOf } from "./rows.ts";

/** Reads jobs and queues; every method is one statement and so one consistent view of all tables. */
export function createInspectStore(connection: Connection): InspectStore {
  return {
    async getJob(id) {
      const row = await connection.read((session) => session.get<JobRow>(readJob, idOf(id)));
      return row === undefined ? undefined : jobOf(row);
    },
    async listJobs(query, limit, after) {
      const { sql, values } = conditions(query, after);
      const list = `SELECT ${jobColumns} FROM holdfast_jobs AS job ${sql} ORDER BY id DESC LIMIT ?`;
      const rows = await connection.read((session) => session.all<JobRow>(list, ...values, limit));
      return rows.map(jobOf);
    },
    async countJobs(query) {
      const { sql, values } = conditions(query);
      const count = `SELECT state, count(*) AS jobs FROM holdfast_jobs AS job ${sql} GROUP BY state`;
      const rows = await connection.read((session) => session.all<StateRow>(count, ...values));
      const counts = new Map(rows.map(({ state, jobs }) => [state, jobs]));
      return Object.fromEntries(
        jobStates.map((state) => [state, counts.get(state) ?? 0]),
      ) as Record<JobState, number>;
    },
    async findEnds(ids) {
      const rows = await connection.read((session) => session.all<EndRow>(readEnds, idList(ids)));
      const found = new Set(rows.map((row) => String(row.id)));
      return {
        ends: rows.map(jobEndOf).filter(({ state }) => isFinished(state)),
        missing: ids.filter((id) => !found.has(id)),
      };
    },
    async listQueues() {
      const rows = await connection.read((session) => session.all<QueueRow>(readQueues));
      return rows.map(queueOf);
    },
    getCooling: (queue) => connection.read((session) => coolingOf(session, queue)),
  };
}

const jobColumns = `id, run, name, version, queue, priority, state, attempt, crashes, created_at, run_at, claimed_at,
  finished_at, owner, cancel, reason, unique_key, tags, payload, checkpoint, progress, result, attempts`;

/** Index: the primary key of each job table. Locks: none. */
const readJob = `SELECT ${jobColumns} FROM holdfast_jobs WHERE id = ?`;

/** Index: the primary key of each job table, once per id. Locks: none. */
const readEnds = `
  SELECT id, state, result, reason FROM holdfast_jobs WHERE id IN (SELECT value FROM json_each(?))`;

interface StateRow {
  readonly state: JobState;
  readonly jobs: number;
}

interface Conditions {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditions(query: JobQuery, after?: string): Conditions {
  const given: (readonly [string, SqlValue | undefined])[] = [
    ["state IN (SELECT value FROM json_each(?))", query.states && JSON.stringify(query.states)],
    ["queue = ?", query.queue],
    ["name = ?", query.name],
    ["EXISTS (SELECT 1 FROM json_each(job.tags) WHERE value = ?)", query.tag],
    ["id < ?", after === undefined ? undefined : idOf(after)],
  ];
  const used = given.filter(([, value]) => value !== undefined);
  return {
    sql: used.length === 0 ? "" : `WHERE ${used.map(([sql]) => sql).join(" AND ")}`,
    values: used.map(([, value]) => value ?? null),
  };
}

interface QueueRow {
  readonly name: string;
  readonly paused: number;
  readonly closedUntil: number;
  readonly available: number;
  readonly running: number;
}

function queueOf(row: QueueRow): Queue {
  return {
    name: row.name,
    paused: row.paused === 1,
    closedUntil: row.closedUntil === 0 ? null : row.closedUntil,
    available: row.available,
    running: row.running,
  };
}

/** Index: holdfast_live_ready per queue, and once the running rows. Locks: none. */
const readQueues = `
  SELECT name, paused, closed_until AS closedUntil,
    (SELECT count(*) FROM holdfast_live WHERE queue = row.name AND owner IS NULL) AS available,
    (SELECT count(*) FROM holdfast_live WHERE queue = row.name AND owner IS NOT NULL) AS running
  FROM holdfast_queue AS row ORDER BY name`;
