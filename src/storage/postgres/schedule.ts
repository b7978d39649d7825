import type { GroupChange, ScheduleChange } from "../../core/schedule-change.ts";
import type { ScheduleGroup, ScheduleRecord } from "../../core/schedule.ts";
import type { DueSchedules, ScheduleStore } from "../contract/schedule.ts";
import {
  scheduleColumns,
  type ScheduleRow,
  scheduleRecordOf,
  scheduleValues,
} from "../shared/schedule-row.ts";
import type { Connection } from "./connection.ts";
import type { Query } from "./engine/session.ts";
import type { InsertAnnounced } from "./enqueue.ts";

/** Recurring rules. */
export function createScheduleStore(
  { schema, read, atomically }: Connection,
  insert: InsertAnnounced,
): ScheduleStore {
  const written = statementsOf(schema);
  return {
    async getSchedule(name) {
      const sql = `SELECT ${columns} FROM ${schema}.schedule WHERE name = $1`;
      const [row] = await read<ScheduleRow>(sql, [name]);
      return row === undefined ? undefined : scheduleRecordOf(row);
    },
    listSchedules: async () => listedIn(await read<ListedRow>(listStatement(schema))),
    findDueSchedules: async (limit, now, except = []) =>
      dueIn(await read<DueRow>(dueStatement(schema), [now, limit, except])),
    async changeSchedules(changes, group) {
      try {
        await atomically((query) => writeAll(query, written, changes, group));
        return true;
      } catch (error) {
        if (error === changed) return false;
        throw error;
      }
    },
    async fireSchedule({ name, from }, jobs, complete) {
      const seen = [name, from.revision];
      const fired = await atomically(async (query) => {
        if ((await query(written.lock, seen)).length === 0) return undefined;
        const { receipts, tellHere } = await insert(query, jobs);
        const to = complete(receipts);
        await query(written.update, [...seen, ...scheduleValues(to)]);
        return { schedule: { ...to, revision: from.revision + 1 }, receipts, tellHere };
      });
      if (fired === undefined) return undefined;
      const { tellHere, ...answer } = fired;
      tellHere();
      return answer;
    },
  };
}

/** Thrown to roll back what was written of changes that do not hold together. */
const changed = new Error("a schedule is no longer what was seen");

const columns = ["name", "revision", ...scheduleColumns]
  .map((column) =>
    /_at$|^revision$|^last_job$/.test(column) ? `${column}::text AS ${column}` : column,
  )
  .join(", ");

interface ListedRow extends Omit<ScheduleRow, "plan"> {
  /** `null` in the row of a group, whose version stands in `last_at`. */
  readonly plan: string | null;
}

interface DueRow extends Omit<ScheduleRow, "name"> {
  readonly name: string | null;
  readonly later: string | null;
}

function listedIn(rows: readonly ListedRow[]): Awaited<ReturnType<ScheduleStore["listSchedules"]>> {
  return {
    schedules: rows.filter((row): row is ScheduleRow => row.plan !== null).map(scheduleRecordOf),
    groups: rows.filter(({ plan }) => plan === null).map(groupOf),
  };
}

function groupOf({ name, revision, last_at: version }: ListedRow): ScheduleGroup {
  return { name, revision: Number(revision), version: version === null ? null : Number(version) };
}

function dueIn(rows: readonly DueRow[]): DueSchedules {
  const later = rows[0]?.later ?? null;
  return {
    due: rows.filter((row): row is DueRow & ScheduleRow => row.name !== null).map(scheduleRecordOf),
    nextDueAt: later === null ? null : Number(later),
  };
}

/** One statement, so that groups and schedules are those of one moment. Walks both tables: asked by deploys and operators. */
function listStatement(schema: string): string {
  const nothing = scheduleColumns.map((column) =>
    column === "last_at" ? "version::text" : "NULL::text",
  );
  return `
    SELECT * FROM (
      SELECT ${columns} FROM ${schema}.schedule
      UNION ALL SELECT name, revision::text, ${nothing.join(", ")} FROM ${schema}.schedule_group
    ) rows ORDER BY name COLLATE "C"`;
}

/** Index walked: schedule_due from its front, and once past what is due. Rows locked: none. Cost: one row of each when nothing is due. */
function dueStatement(schema: string): string {
  return `
    SELECT n.later, s.* FROM (
      SELECT min(due_at)::text AS later FROM ${schema}.schedule WHERE due_at > $1
    ) n LEFT JOIN LATERAL (
      SELECT ${columns} FROM ${schema}.schedule WHERE due_at <= $1 AND name <> ALL ($3::text[]) ORDER BY schedule.due_at, schedule.name LIMIT $2
    ) s ON true`;
}

interface Statements {
  readonly lock: string;
  readonly insert: string;
  readonly update: string;
  readonly remove: string;
  readonly insertGroup: string;
  readonly updateGroup: string;
}

/** Index walked: the primary keys. Rows locked: the one. Race: another write, which the revision tells of. */
function statementsOf(schema: string): Statements {
  const values = scheduleColumns.map((_, index) => `$${index + 3}`);
  const sets = scheduleColumns.map((column, index) => `${column} = $${index + 3}`);
  const seen = "WHERE name = $1 AND revision = $2";
  return {
    // Whoever holds it is firing it: there is nothing to wait for.
    lock: `SELECT 1 FROM ${schema}.schedule ${seen} FOR UPDATE SKIP LOCKED`,
    insert: `INSERT INTO ${schema}.schedule (name, revision, ${scheduleColumns.join(", ")})
      VALUES ($1, $2, ${values.join(", ")}) ON CONFLICT (name) DO NOTHING RETURNING 1`,
    update: `UPDATE ${schema}.schedule SET revision = revision + 1, ${sets.join(", ")} ${seen} RETURNING 1`,
    remove: `DELETE FROM ${schema}.schedule ${seen} RETURNING 1`,
    insertGroup: `INSERT INTO ${schema}.schedule_group (name, revision, version)
      VALUES ($1, 1, $2) ON CONFLICT (name) DO NOTHING RETURNING 1`,
    updateGroup: `UPDATE ${schema}.schedule_group SET revision = revision + 1, version = $3 ${seen} RETURNING 1`,
  };
}

async function writeAll(
  query: Query,
  statements: Statements,
  changes: readonly ScheduleChange[],
  group: GroupChange | undefined,
): Promise<void> {
  const write = async (sql: string, params: readonly unknown[]) => {
    if ((await query(sql, params)).length === 0) throw changed;
  };
  if (group?.from === null) await write(statements.insertGroup, [group.name, group.version]);
  else if (group !== undefined) {
    await write(statements.updateGroup, [group.name, group.from.revision, group.version]);
  }
  for (const { name, from, to } of changes) await write(...statementOf(statements, name, from, to));
}

function statementOf(
  { insert, update, remove }: Statements,
  name: string,
  from: ScheduleRecord | null,
  to: ScheduleRecord | null,
): readonly [sql: string, params: readonly unknown[]] {
  if (to === null) return [remove, [name, from?.revision ?? null]];
  const seen = from === null ? [name, to.revision] : [name, from.revision];
  return [from === null ? insert : update, [...seen, ...scheduleValues(to)]];
}
