import type { MigrationStep } from "../../shared/migrator.ts";
import { admitFunctions } from "./0007-admit-functions.ts";
import { claimFunctions } from "./0007-claim-functions.ts";
import { gateFunctions } from "./0007-gate-functions.ts";
import { passFunctions } from "./0007-pass-functions.ts";

/**
 * The seventh step: lanes, limits and rates. A job's row carries its gates, NULL for most; a blocked one says at which it
 * waits. `keylock` holds the permits of the jobs let in. Code that knows nothing of gates would let every job pass, so it may
 * not run on this schema. `schema` is quoted.
 */
export function admissionMigration(schema: string): MigrationStep {
  return {
    id: 7,
    name: "admission",
    minCode: 7,
    sql: [
      tables(schema),
      jobsView(schema),
      claimFunctions(schema),
      gateFunctions(schema),
      admitFunctions(schema),
      passFunctions(schema),
    ].join("\n"),
  };
}

/**
 * The index of the lines leads from one queue, name and version of a line to the next without walking what lies between.
 * Nothing has ever written to `blocked`.
 */
function tables(schema: string): string {
  const gated = ["live", "later", "blocked", "dead"];
  return `
${gated.map((table) => `ALTER TABLE ${schema}.${table} ADD COLUMN gates json;`).join("\n")}
ALTER TABLE ${schema}.blocked ADD COLUMN seq bigint NOT NULL, ADD COLUMN gate text NOT NULL;
CREATE INDEX blocked_line ON ${schema}.blocked (gate, queue, name, version, seq);

ALTER TABLE ${schema}.keylock ADD COLUMN weight integer NOT NULL DEFAULT 1;
CREATE INDEX keylock_job ON ${schema}.keylock (job);

CREATE TABLE ${schema}.scope (
  name text PRIMARY KEY,
  concurrent integer,
  rate_count integer,
  rate_ms bigint,
  edited boolean NOT NULL DEFAULT false
);
CREATE TABLE ${schema}.bucket (
  key text PRIMARY KEY,
  full_at bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02);`;
}

const noOwn = {
  owner: "NULL::bigint",
  claimed: "NULL::bigint",
  finished: "NULL::bigint",
  cancel: "NULL::json",
  reason: "NULL::json",
  attempts: "coalesce(attempts, '[]')",
  gates: "gates",
  gate: "NULL::text",
};

/** The branch of the view that shows one table; times also as they are stored, in milliseconds. */
function branch(schema: string, table: string, state: string, own: Partial<typeof noOwn>): string {
  const { owner, claimed, finished, cancel, reason, attempts, gates, gate } = { ...noOwn, ...own };
  return `SELECT id, ${state} AS state, name, version, queue, priority, attempt, crashes, run, ${owner} AS owner,
  to_timestamp(created_at / 1000.0) AS created_at, to_timestamp(run_at / 1000.0) AS run_at,
  to_timestamp(${claimed} / 1000.0) AS claimed_at, to_timestamp(${finished} / 1000.0) AS finished_at,
  payload, result, checkpoint, progress, ${cancel} AS cancel, ${reason} AS reason, ${attempts} AS attempts, policy,
  backoff_ms, unique_key, unique_while, coalesce(tags, '[]') AS tags,
  created_at AS created_ms, run_at AS run_ms, ${claimed} AS claimed_ms, ${finished} AS finished_ms,
  ${gates} AS gates, ${gate} AS gate
FROM ${schema}.${table}`;
}

const derivedAttempts = `coalesce(attempts, json_build_array(json_build_object('number', attempt, 'run', run,
  'worker', owner::text, 'began', began_at, 'ended', finished_at, 'how', 'completed')))`;

/** The view with two columns more, at its end: it is replaced in place, so that rights given to it stay. */
function jobsView(schema: string): string {
  const ended = { claimed: "claimed_at", finished: "finished_at" };
  const done = { ...ended, attempts: derivedAttempts, gates: "NULL::json" };
  const branches = [
    branch(schema, "live", "CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END", {
      owner: "owner",
      claimed: "claimed_at",
      cancel: "cancel",
    }),
    branch(schema, "later", "CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END", {}),
    branch(schema, "blocked", "'blocked'::text", { gate: "gate" }),
    branch(schema, "done", "'completed'::text", done),
    branch(schema, "dead", "state", { ...ended, reason: "reason" }),
  ];
  return `CREATE OR REPLACE VIEW ${schema}.jobs AS\n${branches.join("\nUNION ALL\n")};`;
}
