import type { GroupChange, ScheduleChange } from "../../core/schedule-change.ts";
import type { ScheduleGroup } from "../../core/schedule.ts";
import type { DueSchedules, ScheduleStore } from "../contract/schedule.ts";
import type { WakeupStore } from "../contract/wakeup.ts";
import {
  scheduleColumns,
  type ScheduleRow,
  scheduleRecordOf,
  scheduleValues,
} from "../shared/schedule-row.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./engine/session.ts";
import { insertChunk, queuesWithWork } from "./enqueue.ts";

/** Recurring rules. */
export function createScheduleStore(
  connection: Connection,
  wake: WakeupStore["wake"],
): ScheduleStore {
  return {
    async getSchedule(name) {
      const row = await connection.read((session) => session.get<ScheduleRow>(getStatement, name));
      return row === undefined ? undefined : scheduleRecordOf(row);
    },
    listSchedules: async () =>
      listedIn(await connection.read((session) => session.all<ListedRow>(listStatement))),
    async findDueSchedules(limit, now, except = []) {
      const values = { now, limit, except: JSON.stringify(except) };
      return dueIn(await connection.read((session) => session.all<DueRow>(dueStatement, values)));
    },
    async changeSchedules(changes, group) {
      return connection.write((session) => {
        // Nobody else writes in between: what is as it was seen stays so.
        if (!changes.every((change) => isAsSeen(session, change))) return false;
        if (group !== undefined && !isGroupAsSeen(session, group)) return false;
        if (group !== undefined) session.run(putGroupStatement, group.name, group.version);
        for (const change of changes) write(session, change);
        return true;
      });
    },
    async fireSchedule({ name, from }, jobs, complete) {
      const answer = await connection.write((session) => {
        if (!isAsSeen(session, { name, from })) return undefined;
        const receipts = jobs.length === 0 ? [] : insertChunk(session, jobs);
        const to = complete(receipts);
        session.run(updateStatement, name, ...scheduleValues(to));
        return { schedule: { ...to, revision: from.revision + 1 }, receipts };
      });
      if (answer !== undefined) await wake(queuesWithWork(jobs, answer.receipts));
      return answer;
    },
  };
}

interface ListedRow extends Omit<ScheduleRow, "plan"> {
  /** `null` in the row of a group, whose version stands in `last_at`. */
  readonly plan: string | null;
}

interface DueRow extends Omit<ScheduleRow, "name"> {
  readonly name: string | null;
  readonly later: number | null;
}

function listedIn(rows: readonly ListedRow[]): Awaited<ReturnType<ScheduleStore["listSchedules"]>> {
  return {
    schedules: rows.filter((row): row is ScheduleRow => row.plan !== null).map(scheduleRecordOf),
    groups: rows.filter(({ plan }) => plan === null).map(groupOf),
  };
}

function dueIn(rows: readonly DueRow[]): DueSchedules {
  return {
    due: rows.filter((row): row is DueRow & ScheduleRow => row.name !== null).map(scheduleRecordOf),
    nextDueAt: rows[0]?.later ?? null,
  };
}

function groupOf({ name, revision, last_at: version }: ListedRow): ScheduleGroup {
  return { name, revision: Number(revision), version: version === null ? null : Number(version) };
}

const columns = ["name", "revision", ...scheduleColumns].join(", ");

const getStatement = `SELECT ${columns} FROM holdfast_schedule WHERE name = ?`;

/** One statement, so that groups and schedules are those of one moment. Walks both tables: asked by deploys and operators. */
const listStatement = `
  SELECT ${columns} FROM holdfast_schedule
  UNION ALL SELECT name, revision, ${scheduleColumns
    .map((column) => (column === "last_at" ? "version" : "NULL"))
    .join(", ")} FROM holdfast_schedule_group
  ORDER BY name`;

/** Index: holdfast_schedule_due from its front, and once past what is due. Cost: one row of each when nothing is due. */
const dueStatement = `
  SELECT n.later, s.* FROM (SELECT min(due_at) AS later FROM holdfast_schedule WHERE due_at > $now) n
  LEFT JOIN (
    SELECT ${columns} FROM holdfast_schedule
    WHERE due_at <= $now AND name NOT IN (SELECT value FROM json_each($except))
    ORDER BY due_at, name LIMIT $limit
  ) s`;

const insertStatement = `INSERT INTO holdfast_schedule (${columns})
  VALUES (?1, ?2, ${scheduleColumns.map((_, index) => `?${index + 3}`).join(", ")})`;

const updateStatement = `UPDATE holdfast_schedule SET revision = revision + 1,
  ${scheduleColumns.map((column, index) => `${column} = ?${index + 2}`).join(", ")} WHERE name = ?1`;

const putGroupStatement = `INSERT INTO holdfast_schedule_group (name, revision, version) VALUES (?1, 1, ?2)
  ON CONFLICT (name) DO UPDATE SET revision = revision + 1, version = excluded.version`;

function isAsSeen(
  session: Session,
  { name, from }: Pick<ScheduleChange, "name" | "from">,
): boolean {
  const sql = "SELECT revision FROM holdfast_schedule WHERE name = ?";
  return session.get<Pick<ScheduleRow, "revision">>(sql, name)?.revision === from?.revision;
}

function isGroupAsSeen(session: Session, { name, from }: GroupChange): boolean {
  const sql = "SELECT revision FROM holdfast_schedule_group WHERE name = ?";
  return session.get<Pick<ScheduleRow, "revision">>(sql, name)?.revision === from?.revision;
}

function write(session: Session, { name, from, to }: ScheduleChange): void {
  if (to === null) session.run("DELETE FROM holdfast_schedule WHERE name = ?", name);
  else if (from === null) session.run(insertStatement, name, to.revision, ...scheduleValues(to));
  else session.run(updateStatement, name, ...scheduleValues(to));
}
