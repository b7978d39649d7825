import {
  durationOf,
  durationUnits,
  formRefusals,
  isGiven,
  known,
  momentOfRunAt,
  option,
  optionRefusals,
  payloadText,
  type Refusal,
  unknownOption,
} from "./0005-enqueue-options.ts";
import { belongs, own, replaceHolder } from "./0005-enqueue-replace.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** One row: the request that is being stored, and afterwards the answer to it. */
const tables = `
CREATE TABLE holdfast_request (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  outcome TEXT,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  policy TEXT,
  tags TEXT,
  gates TEXT,
  unique_key TEXT,
  unique_while TEXT,
  until INTEGER,
  on_conflict TEXT,
  request_key TEXT,
  kept_ms INTEGER
) STRICT;
CREATE VIEW holdfast_receipt AS SELECT id, outcome FROM holdfast_request;
CREATE VIEW holdfast_enqueue AS SELECT NULL AS name, NULL AS payload, NULL AS options WHERE 0;`;

/** RAISE takes a literal, so the value is not shown. ABORT undoes the one statement. */
export function refuse([message, when]: Refusal): string {
  return `SELECT RAISE(ABORT, '${message}') WHERE ${when};`;
}

const now = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

/** How a request is read; a later step reads some of it another way. */
export interface Reading {
  readonly formRefusals: readonly Refusal[];
  readonly optionRefusals: readonly Refusal[];
  /** `runAt` in milliseconds since the epoch. */
  readonly moment: string;
  /** The unique key as text. */
  readonly uniqueKey: string;
  /** The weight of a limit. */
  readonly weight: string;
}

const reading: Reading = {
  formRefusals,
  optionRefusals,
  moment: momentOfRunAt,
  uniqueKey: `CAST(${option("unique.key")} AS TEXT)`,
  weight: "json_extract(one.value, '$.weight')",
};

/** The gates of core/gate.ts, sorted, each named once; NULL for none. */
const gatesOf = (
  weight: string,
): string => `nullif((SELECT json_group_array(json_object('gate', gate, 'weight', weight)) FROM (
      SELECT gate, min(sum(weight), 2147483647) AS weight FROM (
        SELECT 'lane:' || ${option("lane")} AS gate, 1 AS weight WHERE ${isGiven("lane")}
        UNION ALL
        SELECT 'limit:' || json_extract(one.value, '$.scope') || coalesce(':' || json_extract(one.value, '$.by'), ''),
          coalesce(${weight}, 1)
        FROM json_each(NEW.options, '$.limits') AS one WHERE one.type = 'object'
      ) GROUP BY gate ORDER BY gate)), '[]')`;

const attempts = `CASE ${option("attempts")} WHEN 'unlimited' THEN NULL ELSE coalesce(${option("attempts")}, 20) END`;
const timeout = `CASE ${option("timeout")} WHEN 'none' THEN NULL ELSE coalesce(${durationOf("timeout")}, 3600000) END`;

/** NULL for the default policy, as rows have it. */
const policy = `CASE WHEN ${attempts} IS NOT 20 OR ${timeout} IS NOT 3600000
    THEN json_object('attempts', ${attempts}, 'minMs', 1000, 'maxMs', 3600000, 'factor', 2, 'jitter', 0.2,
      'warnAttempts', 3, 'resetAfter', 3, 'maxCrashes', NULL, 'timeoutMs', ${timeout}) END`;

function readRequest(more: readonly Extra[], { moment, uniqueKey, weight }: Reading): string {
  const columns = more.map(({ column }) => `, ${column}`).join("");
  const values = more.map(({ value }) => `,\n    ${value}`).join("");
  return `DELETE FROM holdfast_request;
  UPDATE holdfast_sequence SET id = id + 1, seq = seq + 1;
  INSERT INTO holdfast_request (only, id, seq, name, version, queue, priority, created_at, run_at, policy, tags, gates,
    unique_key, unique_while, until, on_conflict, request_key, kept_ms${columns})
  SELECT 1, drawn.id, drawn.seq, NEW.name, coalesce(${option("version")}, 1), coalesce(${option("queue")}, 'default'),
    coalesce(${option("priority")}, 5), clock.now,
    max(clock.now, coalesce(clock.now + ${durationOf("delay")}, ${moment}, clock.now)),
    ${policy}, nullif(${option("tags")}, '[]'), ${gatesOf(weight)},
    ${uniqueKey},
    CASE WHEN ${isGiven("unique")} THEN coalesce(${option("unique.while")}, 'unfinished') END,
    clock.now + ${durationOf("unique.within")}, coalesce(${option("unique.onConflict")}, 'skip'),
    CASE json_type(NEW.options, '$.idempotencyKey') WHEN 'object' THEN ${option("idempotencyKey.key")}
      ELSE ${option("idempotencyKey")} END,
    coalesce(${durationOf("idempotencyKey.keep")}, 86400000)${values}
  FROM holdfast_sequence AS drawn, (SELECT ${now} AS now) AS clock;`;
}

/** The job an idempotency key has given before, by the rule of core/recall.ts. Until the end its outcome is 'known'. */
const recallRequest = `UPDATE holdfast_request SET outcome = 'known', id = before.job
  FROM (
    SELECT k.job, jobs.state, coalesce(k.until, jobs.finished_at + k.kept_ms) AS until
    FROM holdfast_request AS asked
    JOIN holdfast_idempotency AS k ON k.name = asked.name AND k.key = asked.request_key
    LEFT JOIN holdfast_jobs AS jobs ON jobs.id = k.job
  ) AS before
  WHERE before.state NOT IN ('completed', 'cancelled', 'discarded') OR before.until > holdfast_request.created_at;`;

/** Takes a key that is free or past its time; who finds it held has 'met' its holder. */
const takeKey = `DELETE FROM holdfast_uniq WHERE (name, key) IN (
    SELECT name, unique_key FROM holdfast_request WHERE outcome IS NULL AND unique_key IS NOT NULL)
    AND until <= (SELECT created_at FROM holdfast_request);
  UPDATE holdfast_request SET outcome = 'met', id = held.holder
  FROM holdfast_uniq AS held
  WHERE outcome IS NULL AND held.name = holdfast_request.name AND held.key = holdfast_request.unique_key;
  INSERT INTO holdfast_uniq (name, key, holder, until)
  SELECT name, unique_key, id, until FROM holdfast_request WHERE outcome IS NULL AND unique_key IS NOT NULL;
  ${refuse([
    "UNIQUE_CONFLICT: The unique key is held by another job. Wait for that job, cancel it, or use another key.",
    "EXISTS (SELECT 1 FROM holdfast_request WHERE outcome = 'met' AND on_conflict = 'error')",
  ])}`;

const storedColumns = `id, name, version, queue, priority, created_at, run_at, policy, tags, gates, unique_key, unique_while`;

/** A new job, stored where it belongs. */
function storeJob(more: readonly Extra[]): string {
  const columns = [storedColumns, ...more.map(({ column }) => column)].join(", ");
  return (["live", "later", "blocked"] as const)
    .map((table) => {
      const names = own[table].map(([column]) => column).join(", ");
      const values = own[table].map(([, value]) => value).join(", ");
      return `INSERT INTO holdfast_${table} (${columns}, payload, ${names})
  SELECT ${columns}, coalesce(${payloadText}, 'null'), ${values}
  FROM holdfast_request AS asked WHERE asked.outcome IS NULL AND ${belongs[table]};`;
    })
    .join("\n  ");
}

/** What the key of a request names from now on. Written by deleting first: the conflict clause of the outer statement wins in here. */
const rememberRequest = `DELETE FROM holdfast_idempotency WHERE (name, key) IN (
    SELECT name, request_key FROM holdfast_request WHERE outcome <> 'known' AND request_key IS NOT NULL);
  INSERT INTO holdfast_idempotency (name, key, job, kept_ms)
  SELECT name, request_key, id, kept_ms FROM holdfast_request WHERE outcome <> 'known' AND request_key IS NOT NULL;
  UPDATE holdfast_request SET outcome = 'existing' WHERE outcome = 'known';`;

/**
 * The door for producers without Holdfast's code: \`INSERT INTO holdfast_enqueue (name, payload, options)\`, also from a trigger.
 * It is described in docs/guides/producers.md, and does what \`client.enqueue\` does for a job known by name. The answer stands
 * in \`holdfast_receipt\` until the next one.
 */
export const enqueueContract = `${tables}
${durationUnits}
${enqueueTrigger(known, [])}`;

/** A column that a later step has added to a request and to jobs: what it is for a request, and what must not hold of the option. */
export interface Extra {
  readonly column: string;
  readonly value: string;
  readonly refusal: Refusal;
}

/** What happens to what is inserted into the view. */
export function enqueueTrigger(
  options: readonly string[],
  more: readonly Extra[],
  how: Reading = reading,
): string {
  const refusals = [
    unknownOption(options),
    ...how.optionRefusals,
    ...more.map(({ refusal }) => refusal),
  ];
  return `CREATE TRIGGER holdfast_enqueue_insert INSTEAD OF INSERT ON holdfast_enqueue
BEGIN
  ${how.formRefusals.map(refuse).join("\n  ")}
  ${refusals.map(refuse).join("\n  ")}
  ${readRequest(more, how)}
  ${recallRequest}
  ${takeKey}
  ${replaceHolder(more.map(({ column }) => column))}
  UPDATE holdfast_request SET outcome = 'existing' WHERE outcome = 'met';
  ${storeJob(more)}
  INSERT INTO holdfast_stat_line (at, queue, name, tally)
  SELECT created_at - created_at % 60000, queue, name, 'e1' FROM holdfast_request WHERE outcome IS NULL;
  UPDATE holdfast_request SET outcome = 'enqueued' WHERE outcome IS NULL;
  ${rememberRequest}
END;
`;
}
