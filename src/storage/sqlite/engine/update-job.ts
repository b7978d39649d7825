import type { JobRewrite } from "../../../core/job-change.ts";
import { tagsText } from "../../shared/job-json.ts";
import { copyStatement, moveJob } from "./move-job.ts";
import { moveToDue } from "./move-to-due.ts";
import { drawSeq } from "./sequence.ts";
import type { Session } from "./session.ts";

type WaitingTable = "live" | "later" | "blocked";

/** What is known of a job that was changed. */
export interface UpdatedJob {
  readonly queue: string;
  readonly gates: string | null;
  /** `null` for a job that is due. */
  readonly dueAt: number | null;
}

/** Changes a job that waits in a table, and puts it where its new time belongs. */
export function updateJob(
  session: Session,
  table: WaitingTable,
  { id, rewrite, now }: { readonly id: number; readonly rewrite: JobRewrite; readonly now: number },
): UpdatedJob | undefined {
  const { priority, queue, payload, tags, runAt } = rewrite;
  if (table === "live" && changesLine(session, id, rewrite)) {
    session.run("UPDATE holdfast_live SET seq = ? WHERE id = ?", drawSeq(session), id);
  }
  const row = session.get<ChangedRow>(changes[table], {
    id,
    priority: priority ?? null,
    queue: queue ?? null,
    payload: payload?.json ?? null,
    version: payload?.version ?? null,
    retag: Number(tags !== undefined),
    tags: tags === undefined ? null : tagsText(tags),
  });
  if (row === undefined) return undefined;
  const waitsUntil = table === "later" ? row.run_at : null;
  const dueAt = runAt === undefined ? waitsUntil : move(session, table, { id, runAt, now });
  return { queue: row.queue, gates: row.gates, dueAt };
}

interface ChangedRow {
  readonly queue: string;
  readonly gates: string | null;
  readonly run_at: number;
}

/** Index: the table's primary key. Locks: the one writer of the file. */
const changes = { live: change("live"), later: change("later"), blocked: change("blocked") };

function change(table: WaitingTable): string {
  return `UPDATE holdfast_${table} SET priority = coalesce($priority, priority), queue = coalesce($queue, queue),
      payload = coalesce($payload, payload), version = coalesce($version, version),
      tags = CASE WHEN $retag THEN $tags ELSE tags END
    WHERE id = $id RETURNING queue, gates, run_at`;
}

/** A job whose place in the line of its queue changes goes to the end of it: floors hide nothing that comes after them. */
function changesLine(session: Session, id: number, { priority, queue }: JobRewrite): boolean {
  if (priority === undefined && queue === undefined) return false;
  const elsewhere = `SELECT 1 FROM holdfast_live
    WHERE id = $id AND (priority <> coalesce($priority, priority) OR queue <> coalesce($queue, queue))`;
  const values = { id, priority: priority ?? null, queue: queue ?? null };
  return session.get(elsewhere, values) !== undefined;
}

/** Where a job goes when its time changes; gives the time it then waits for. */
function move(
  session: Session,
  table: WaitingTable,
  { id, runAt, now }: { readonly id: number; readonly runAt: number; readonly now: number },
): number | null {
  if (runAt <= now) {
    if (table === "later") hasten(session, id, now);
    return null;
  }
  if (table === "later")
    session.run("UPDATE holdfast_later SET run_at = ? WHERE id = ?", runAt, id);
  else moveJob(session, putOff[table], table, { id, runAt });
  return runAt;
}

const hasten = moveToDue("later", { run_at: "$now" });

/** Its permits count only while it is in live. */
const away = { run_at: "$runAt", retrying: "0" } as const;
const putOff = {
  live: copyStatement("live", "later", away, "id = $id"),
  blocked: copyStatement("blocked", "later", away, "id = $id"),
};
