import { isFinished, type JobState, jobStates } from "../../core/job.ts";
import type { Queue } from "../../core/queue.ts";
import type { InspectStore } from "../contract/inspect.ts";
import { type EndRow, type JobRow, jobEndOf, jobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { conditionsOf } from "./engine/job-conditions.ts";
import { countState, selectState } from "./engine/state-place.ts";
import { coolingOf, idList, idOf } from "./rows.ts";

/** Reads jobs and queues; every method is one statement and so one consistent view of all tables. */
export function createInspectStore(connection: Connection): InspectStore {
  return {
    async getJob(id) {
      const row = await connection.read((session) => session.get<JobRow>(readJob, idOf(id)));
      return row === undefined ? undefined : jobOf(row);
    },
    async listJobs(query, limit, after) {
      const range = after === undefined ? {} : { below: idOf(after) };
      const { states, where, values } = conditionsOf(query, range);
      if (states.length === 0) return [];
      // Each part walks its table in id order, and SQLite merges them.
      const sql = `${states.map((state) => selectState(state, listColumns, where(state))).join(" UNION ALL ")}
        ORDER BY id DESC LIMIT $limit`;
      const rows = await connection.read((session) =>
        session.all<JobRow>(sql, { ...values, limit }),
      );
      return rows.map(jobOf);
    },
    async countJobs(query) {
      const { states, where, values } = conditionsOf(query);
      const sql = states.map((state) => countState(state, where(state))).join(" UNION ALL ");
      const rows = await connection.read((session) =>
        sql === "" ? [] : session.all<StateRow>(sql, values),
      );
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

/** Index: the primary key of each job table. Locks: none. */
const readJob = "SELECT * FROM holdfast_jobs WHERE id = ?";

/** Index: the primary key of each job table, once per id. Locks: none. */
const readEnds = `
  SELECT id, state, result, reason FROM holdfast_jobs WHERE id IN (SELECT value FROM json_each(?))`;

const listColumns = [
  "id",
  "run",
  "name",
  "version",
  "queue",
  "priority",
  "attempt",
  "crashes",
  "created_at",
  "run_at",
  "unique_key",
  "tags",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "attempts",
  "gates",
] as const;

interface StateRow {
  readonly state: JobState;
  readonly jobs: number;
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

/** Index: holdfast_live_ready and holdfast_live_running whole; the names of what waits by a walk. Locks: none. */
const readQueues = `
  SELECT name, max(paused) AS paused, max(closed_until) AS closedUntil,
    sum(available) AS available, sum(running) AS running
  FROM (
    SELECT name, paused, closed_until, 0 AS available, 0 AS running FROM holdfast_queue
    UNION ALL SELECT queue, 0, 0, count(*), 0 FROM holdfast_live WHERE owner IS NULL GROUP BY queue
    UNION ALL SELECT queue, 0, 0, 0, count(*) FROM holdfast_live WHERE owner IS NOT NULL GROUP BY queue
    UNION ALL SELECT DISTINCT queue, 0, 0, 0, 0 FROM holdfast_later
    UNION ALL SELECT DISTINCT queue, 0, 0, 0, 0 FROM holdfast_blocked)
  GROUP BY name ORDER BY name`;
