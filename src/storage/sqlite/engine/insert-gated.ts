import type { NewJob } from "../../../core/new-job.ts";
import { gatesText, policyText, tagsText } from "../../shared/job-json.ts";
import { firstGateOf } from "./move-job.ts";
import { placeOfNew } from "./new-job-place.ts";
import type { DrawnRange } from "./sequence.ts";
import type { Session } from "./session.ts";

/** Stores a job with gates by a statement of its own: it goes to the end of its first gate's line, or waits for its time. */
export function insertGated(session: Session, job: NewJob, { id, seq }: DrawnRange): void {
  const values = {
    id,
    name: job.name,
    version: job.version,
    queue: job.queue,
    priority: job.priority,
    policy: policyText(job.policy),
    tags: tagsText(job.tags),
    createdAt: job.createdAt,
    runAt: job.runAt,
    uniqueKey: job.unique?.key ?? null,
    uniqueWhile: job.unique?.while ?? null,
    payload: job.payload,
    gates: gatesText(job.gates),
    trace: job.trace ?? null,
  };
  if (placeOfNew(job) === "later") session.run(toLater, values);
  else session.run(toBlocked, { ...values, seq });
}

/**
 * Index: none is searched; a blocked row enters the primary key and its line, a later row the primary key and (run_at, id).
 * Locks: the one writer of the file. Races: none inside it.
 */
function insertStatement(table: "later" | "blocked", columns: string, values: string): string {
  return `INSERT INTO holdfast_${table} (id, name, version, queue, priority, policy, tags, created_at, run_at, unique_key,
      unique_while, payload, gates, trace${columns})
    VALUES ($id, $name, $version, $queue, $priority, $policy, $tags, $createdAt, $runAt, $uniqueKey,
      $uniqueWhile, $payload, $gates, $trace${values})`;
}

const toLater = insertStatement("later", "", "");
const toBlocked = insertStatement("blocked", ", seq, gate", `, $seq, ${firstGateOf("$gates")}`);
