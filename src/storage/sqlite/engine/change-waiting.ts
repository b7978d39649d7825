import type { Operation } from "../../../core/operation.ts";
import { parseGates } from "../../shared/job-json.ts";
import type { Done } from "../control.ts";
import { admitAtGates } from "./admit-jobs.ts";
import { drawSeq } from "./sequence.ts";
import type { Session } from "./session.ts";

const set = "queue = coalesce($queue, queue), priority = coalesce($priority, priority)";

/** Index: the primary key of each table a waiting job can be in. Locks: the one writer of the file. */
const changes = [
  `UPDATE holdfast_live SET ${set}, seq = $seq WHERE id = $id AND owner IS NULL RETURNING gates`,
  `UPDATE holdfast_later SET ${set} WHERE id = $id AND $seq > 0 RETURNING gates`,
  `UPDATE holdfast_blocked SET ${set} WHERE id = $id AND $seq > 0 RETURNING gates`,
];

/**
 * Gives a waiting job another queue or priority. An available one gets a new order number, for a claim may be past the one it had;
 * a blocked one keeps its place in its line, and is let in where its new queue lets it.
 */
export function changeWaiting(
  session: Session,
  id: number,
  { queue, priority }: Pick<Operation, "queue" | "priority">,
  now: number,
): Done<"changed" | "not-waiting"> {
  const values = { id, queue, priority, seq: drawSeq(session) };
  for (const sql of changes) {
    const row = session.get<{ readonly gates: string | null }>(sql, values);
    if (row === undefined) continue;
    // Who goes first at a gate is a matter of age, not of priority.
    const gates = queue === null ? [] : parseGates(row.gates).map(({ gate }) => gate);
    return { answer: "changed", queues: admitAtGates(session, gates, now).queues };
  }
  return { answer: "not-waiting", queues: [] };
}
