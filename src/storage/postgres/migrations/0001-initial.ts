import type { MigrationStep } from "../../shared/migrator.ts";

/** What a job is, the same in every table it can live in. Wide values last, so that rows pack well. */
const jobColumns = `
  id bigint PRIMARY KEY,
  created_at bigint NOT NULL,
  run_at bigint NOT NULL,
  backoff_ms bigint NOT NULL DEFAULT 0,
  run integer NOT NULL DEFAULT 0,
  version integer NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  crashes integer NOT NULL DEFAULT 0,
  priority smallint NOT NULL,
  name text NOT NULL,
  queue text NOT NULL,
  unique_key text,
  unique_while text,
  payload json NOT NULL,
  checkpoint json,
  progress json,
  result json,
  policy json NOT NULL,
  attempts json NOT NULL DEFAULT '[]',
  tags json NOT NULL DEFAULT '[]'`;

/** Rows that come and go: vacuumed long before the defaults would, by the number of rows rather than by a share. */
const busy = `autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.05`;

/** The branch of the view that shows one table; times also as they are stored, in milliseconds. */
function branch(schema: string, table: string, state: string, own: Partial<typeof noOwn>): string {
  const { owner, claimed, finished, cancel, reason } = { ...noOwn, ...own };
  return `SELECT id, ${state} AS state, name, version, queue, priority, attempt, crashes, run, ${owner} AS owner,
  to_timestamp(created_at / 1000.0) AS created_at, to_timestamp(run_at / 1000.0) AS run_at,
  to_timestamp(${claimed} / 1000.0) AS claimed_at, to_timestamp(${finished} / 1000.0) AS finished_at,
  payload, result, checkpoint, progress, ${cancel} AS cancel, ${reason} AS reason, attempts, policy, backoff_ms,
  unique_key, unique_while, tags,
  created_at AS created_ms, run_at AS run_ms, ${claimed} AS claimed_ms, ${finished} AS finished_ms
FROM ${schema}.${table}`;
}

const noOwn = {
  owner: "NULL::bigint",
  claimed: "NULL::bigint",
  finished: "NULL::bigint",
  cancel: "NULL::json",
  reason: "NULL::json",
};

function jobsView(schema: string): string {
  const ended = { claimed: "claimed_at", finished: "finished_at" };
  const branches = [
    branch(schema, "live", "CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END", {
      owner: "owner",
      claimed: "claimed_at",
      cancel: "cancel",
    }),
    branch(schema, "later", "CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END", {}),
    branch(schema, "blocked", "'blocked'::text", {}),
    branch(schema, "done", "'completed'::text", ended),
    branch(schema, "dead", "state", { ...ended, reason: "reason" }),
  ];
  return `CREATE VIEW ${schema}.jobs AS\n${branches.join("\nUNION ALL\n")};`;
}

function jobTables(schema: string): string {
  return `
CREATE SEQUENCE ${schema}.job_id;
CREATE SEQUENCE ${schema}.job_seq;

CREATE TABLE ${schema}.live (${jobColumns},
  seq bigint NOT NULL,
  owner bigint,
  claim bigint,
  claimed_at bigint,
  started boolean NOT NULL DEFAULT false,
  cancel json
) WITH (fillfactor = 50, ${busy});
CREATE INDEX live_ready ON ${schema}.live (queue, priority, seq) WHERE owner IS NULL;

CREATE TABLE ${schema}.later (${jobColumns},
  retrying boolean NOT NULL
) WITH (${busy});
CREATE INDEX later_due ON ${schema}.later (run_at, id);

CREATE TABLE ${schema}.blocked (${jobColumns}
) WITH (${busy});

CREATE TABLE ${schema}.done (${jobColumns},
  claimed_at bigint,
  finished_at bigint NOT NULL,
  bucket integer NOT NULL
);
CREATE INDEX done_expiry ON ${schema}.done (bucket);

CREATE TABLE ${schema}.dead (${jobColumns},
  claimed_at bigint,
  finished_at bigint NOT NULL,
  bucket integer NOT NULL,
  state text NOT NULL,
  reason json
);
CREATE INDEX dead_expiry ON ${schema}.dead (bucket);`;
}

function otherTables(schema: string): string {
  return `
CREATE TABLE ${schema}.uniq (
  name text NOT NULL,
  key text NOT NULL,
  holder bigint NOT NULL,
  until bigint,
  PRIMARY KEY (name, key)
) WITH (${busy});
CREATE INDEX uniq_until ON ${schema}.uniq (until) WHERE until IS NOT NULL;

CREATE TABLE ${schema}.keylock (
  key text NOT NULL,
  job bigint NOT NULL,
  PRIMARY KEY (key, job)
) WITH (${busy});

CREATE TABLE ${schema}.worker (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lease_ms bigint NOT NULL,
  started_at bigint NOT NULL,
  pid integer NOT NULL,
  dead boolean NOT NULL DEFAULT false,
  host text NOT NULL,
  boot_id text NOT NULL,
  beat text NOT NULL,
  queues json NOT NULL,
  handlers json NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 200);

CREATE TABLE ${schema}.queue (
  name text PRIMARY KEY,
  paused boolean NOT NULL DEFAULT false,
  throttle_level integer NOT NULL DEFAULT 0,
  closed_until bigint NOT NULL DEFAULT 0,
  keep_completed_ms bigint,
  keep_dead_ms bigint
);

CREATE TABLE ${schema}.migration (
  id integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at bigint NOT NULL,
  min_code integer NOT NULL
);`;
}

/** The first step: every table, and the view that shows all jobs. `schema` is quoted, `name` is its bare name. */
export function initialMigration(schema: string, name: string): MigrationStep {
  // CREATE SCHEMA IF NOT EXISTS asks for the right to create one even when it is there.
  const ensureSchema = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '${name}') THEN
    CREATE SCHEMA ${schema};
  END IF;
END $$;`;
  const sql = [ensureSchema, jobTables(schema), otherTables(schema), jobsView(schema)].join("\n");
  return { id: 1, name: "initial", minCode: 1, sql };
}
