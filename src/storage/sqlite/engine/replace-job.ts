import type { NewJob } from "../../../core/new-job.ts";
import { gatesText, policyText, tagsText } from "../../shared/job-json.ts";
import { atEndOfLine, copyStatement, firstGate, moveJob } from "./move-job.ts";
import { placeOfNew } from "./new-job-place.ts";
import { dropPermitsOf } from "./permits.ts";
import type { Session } from "./session.ts";

type WaitingTable = "live" | "later" | "blocked";

const rewritten = `version = $version, queue = $queue, priority = $priority, payload = $payload, policy = $policy,
  run_at = $runAt, tags = $tags, gates = $gates, trace = $trace`;

/** Index: the primary key of each table a waiting job can be in. Locks: the one writer of the file. */
const rewrites = [
  ["live", `UPDATE holdfast_live SET ${rewritten} WHERE id = $id AND owner IS NULL`],
  ["later", `UPDATE holdfast_later SET ${rewritten} WHERE id = $id`],
  ["blocked", `UPDATE holdfast_blocked SET ${rewritten} WHERE id = $id`],
] as const;

/**
 * Rewrites a holder that waits, and puts it anew where its new time and gates belong; false when it runs or has finished. What
 * it held of its old gates it gives back.
 */
export function replaceWaiting(session: Session, job: NewJob, id: number, seq: number): boolean {
  const values = {
    id,
    version: job.version,
    queue: job.queue,
    priority: job.priority,
    payload: job.payload,
    policy: policyText(job.policy),
    runAt: job.runAt,
    tags: tagsText(job.tags),
    gates: gatesText(job.gates),
    trace: job.trace ?? null,
  };
  const found = rewrites.find(([, sql]) => session.run(sql, values) > 0);
  if (found === undefined) return false;
  dropPermitsOf(session, id);
  putAnew(session, found[0], placeOfNew(job), { id, seq });
  return true;
}

function putAnew(
  session: Session,
  from: WaitingTable,
  to: WaitingTable,
  { id, seq }: { readonly id: number; readonly seq: number },
): void {
  const values = to === "later" ? { id } : { id, seq };
  if (from === to) session.run(anew[to], values);
  else moveJob(session, copyStatement(from, to, entering[to], "id = $id"), from, values);
}

/** What a row has anew in the table it enters. */
const entering = { live: { seq: "$seq" }, later: {}, blocked: atEndOfLine } as const;

/** The same for a row that stays in its table. */
const anew = {
  live: "UPDATE holdfast_live SET seq = $seq WHERE id = $id",
  later: "UPDATE holdfast_later SET retrying = 0 WHERE id = $id",
  blocked: `UPDATE holdfast_blocked SET seq = $seq, gate = ${firstGate} WHERE id = $id`,
} as const;
