import { known, isGiven, option } from "./0005-enqueue-options.ts";
import { enqueueTrigger, type Extra } from "./0005-enqueue.ts";
import { strictReading } from "./0006-producers.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** What all branches of the jobs view read alike; `admission` is what the branch knows of the job's gates. */
function viewColumns(admission: string, attempts = "'[]'"): string {
  return `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key,
  unique_while, coalesce(tags, '[]') AS tags, policy, payload, checkpoint, progress, result,
  coalesce(attempts, ${attempts}) AS attempts, trace, ${admission}`;
}

const cleanAttempt = `json_array(json_object('number', attempt, 'run', run,
    'worker', CAST(owner AS TEXT), 'began', began_at, 'ended', finished_at, 'how', 'completed'))`;

const notWaiting = "gates, NULL AS gate";

const view = `
DROP VIEW holdfast_jobs;
CREATE VIEW holdfast_jobs AS
SELECT ${viewColumns(notWaiting)},
  CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS state,
  owner, claimed_at, NULL AS finished_at, cancel, NULL AS reason
FROM holdfast_live
UNION ALL
SELECT ${viewColumns(notWaiting)},
  CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END, NULL, NULL, NULL, NULL, NULL
FROM holdfast_later
UNION ALL
SELECT ${viewColumns("gates, gate")}, 'blocked', NULL, NULL, NULL, NULL, NULL FROM holdfast_blocked
UNION ALL
SELECT ${viewColumns("NULL AS gates, NULL AS gate", cleanAttempt)},
  'completed', NULL, claimed_at, finished_at, NULL, NULL
FROM holdfast_done
UNION ALL
SELECT ${viewColumns(notWaiting)}, state, NULL, claimed_at, finished_at, NULL, reason FROM holdfast_dead;`;

const given = option("traceparent");
const hex = (digits: number) => "[0-9a-f]".repeat(digits);

/** The rule is that of core/trace.ts. */
const trace: Extra = {
  column: "trace",
  value: given,
  refusal: [
    "INVALID_OPTION: enqueue: traceparent must be one of W3C Trace Context",
    `${isGiven("traceparent")} AND (${given} NOT GLOB '${hex(2)}-${hex(32)}-${hex(16)}-${hex(2)}' OR ${given} GLOB 'ff*'
      OR substr(${given}, 4, 32) = '${"0".repeat(32)}' OR substr(${given}, 37, 16) = '${"0".repeat(16)}')`,
  ],
};

/** The trace a job was enqueued in, in its row, NULL where nothing traces; producers without Holdfast's code may pass it. */
export const traceColumn = `
${["live", "later", "blocked", "done", "dead", "request"]
  .map((table) => `ALTER TABLE holdfast_${table} ADD COLUMN trace TEXT;`)
  .join("\n")}
${view}
DROP TRIGGER holdfast_enqueue_insert;
${enqueueTrigger([...known, "traceparent"], [trace], strictReading)}`;
