import type { MigrationStep } from "../../shared/migrator.ts";
import { anyDueMark, channelOf } from "../engine/channel.ts";

/** How many children `live` has, and how long each takes the new rows: long after its turn it is empty and can be truncated. */
const slots = 4;
const slotSeconds = 20;

/** Late enough that it only ever comes when nobody truncates: vacuum cannot help while a snapshot is pinned. */
const rarelyVacuumed = `autovacuum_vacuum_threshold = 500000, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0`;

/**
 * The second step: `live` becomes a ring of children that time goes round, emptied by TRUNCATE instead of by vacuum; what
 * holds its default is NULL. `schema` is quoted.
 */
export function ringMigration(schema: string): MigrationStep {
  const sql = [
    `DROP VIEW ${schema}.jobs;`,
    slimmerRows(schema),
    ring(schema),
    moveOver(schema),
    hints(schema),
    jobsView(schema),
  ].join("\n");
  return { id: 2, name: "ring", minCode: 2, sql };
}

/** What every look at a row needs stands first: the server unpacks a row from its front, and jobs are looked at all the time. */
const liveColumns = `
  id bigint NOT NULL,
  seq bigint NOT NULL,
  created_at bigint NOT NULL,
  run_at bigint NOT NULL,
  backoff_ms bigint NOT NULL DEFAULT 0,
  run integer NOT NULL DEFAULT 0,
  version integer NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  crashes integer NOT NULL DEFAULT 0,
  priority smallint NOT NULL,
  started boolean NOT NULL DEFAULT false,
  owner bigint,
  claim bigint,
  claimed_at bigint,
  name text NOT NULL,
  queue text NOT NULL,
  unique_key text,
  unique_while text,
  payload json NOT NULL,
  checkpoint json,
  progress json,
  result json,
  policy json,
  attempts json,
  tags json,
  cancel json,`;

const unsearched = ["payload", "checkpoint", "progress", "result", "policy", "attempts", "tags"];

/** A first attempt that succeeded says nothing its row does not say: `done` derives it. */
function slimmerRows(schema: string): string {
  const tables = ["live", "later", "blocked", "done", "dead"];
  const optional = ["policy", "attempts", "tags"];
  const changes = optional.flatMap((column) => [
    `ALTER COLUMN ${column} DROP NOT NULL`,
    `ALTER COLUMN ${column} DROP DEFAULT`,
  ]);
  return [
    ...tables.map((table) => `ALTER TABLE ${schema}.${table} ${changes.join(", ")};`),
    `ALTER TABLE ${schema}.done ADD COLUMN owner bigint, ADD COLUMN began_at bigint;`,
    // Gathering statistics of JSON nobody searches by took a fifth of the server's time in a drain.
    ...["done", "dead", "later"].map(
      (table) =>
        `ALTER TABLE ${schema}.${table} ${unsearched.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(", ")};`,
    ),
    `ALTER TABLE ${schema}.done SET (autovacuum_analyze_threshold = 50000, autovacuum_vacuum_insert_threshold = 100000);`,
  ].join("\n");
}

/**
 * The owner is in no index and no predicate, so that a claim is a HOT update: the fill factor leaves room for it. Nothing
 * gathers statistics of children that are emptied all the time; a key of one column tells the planner that an id is one row,
 * where the parent's would have to be (id, slot). Plans are made anew for every statement.
 */
function ring(schema: string): string {
  const children = Array.from(
    { length: slots },
    (
      _,
      slot,
    ) => `CREATE TABLE ${schema}.live_${slot} PARTITION OF ${schema}.live (PRIMARY KEY (id)) FOR VALUES IN (${slot})
  WITH (fillfactor = 45, ${rarelyVacuumed});`,
  );
  return `
CREATE FUNCTION ${schema}.slot_seconds() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
  'SELECT ${slotSeconds}';
CREATE FUNCTION ${schema}.slot() RETURNS smallint LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS
  'BEGIN RETURN floor(extract(epoch FROM clock_timestamp()) / ${schema}.slot_seconds())::bigint % ${slots}; END';

DROP INDEX ${schema}.live_ready;
ALTER TABLE ${schema}.live DROP CONSTRAINT live_pkey;
ALTER TABLE ${schema}.live RENAME TO live_before;
CREATE TABLE ${schema}.live (${liveColumns}
  slot smallint NOT NULL DEFAULT ${schema}.slot()
) PARTITION BY LIST (slot);
${children.join("\n")}
CREATE INDEX live_ready ON ${schema}.live (queue, priority, seq);`;
}

function moveOver(schema: string): string {
  const names = [...liveColumns.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).join(", ");
  return `
INSERT INTO ${schema}.live (${names}) SELECT ${names} FROM ${schema}.live_before;
DROP TABLE ${schema}.live_before;`;
}

/**
 * `idle` says whether a worker waits for jobs of a queue, and `wake` sends a message if one does for any of some: those that do share the queue's mark, a session lock, which is
 * tried and let go in one statement. An enqueue in a transaction that is not Holdfast's own leaves a row in `hint`, whose
 * trigger decides at the commit, never earlier.
 */
function hints(schema: string): string {
  const bare = schema.replaceAll('"', "");
  return `
CREATE FUNCTION ${schema}.idle_mark(queue text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT hashtextextended(''holdfast idle ${bare} '' || queue, 0)';
CREATE FUNCTION ${schema}.idle(queue text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  mark bigint := ${schema}.idle_mark(queue);
BEGIN
  RETURN CASE WHEN pg_try_advisory_lock(mark) THEN NOT pg_advisory_unlock(mark) ELSE true END;
END $$;
CREATE FUNCTION ${schema}.wake(channel text, message text, queues text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  queue text;
BEGIN
  FOREACH queue IN ARRAY queues LOOP
    IF ${schema}.idle(queue) THEN
      PERFORM pg_notify(channel, message);
      RETURN;
    END IF;
  END LOOP;
END $$;

CREATE TABLE ${schema}.hint (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  due_at bigint
);
CREATE FUNCTION ${schema}.announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ${schema}.hint WHERE id = NEW.id;
  IF ${schema}.idle(CASE WHEN NEW.due_at IS NULL THEN NEW.queue ELSE '${anyDueMark}' END) THEN
    PERFORM pg_notify('${channelOf(schema)}', json_build_object('from', 'sql',
      'work', CASE WHEN NEW.due_at IS NULL THEN json_build_array(NEW.queue) ELSE '[]' END, 'due', NEW.due_at)::text);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER announce AFTER INSERT ON ${schema}.hint
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${schema}.announce();`;
}

const noOwn = {
  owner: "NULL::bigint",
  claimed: "NULL::bigint",
  finished: "NULL::bigint",
  cancel: "NULL::json",
  reason: "NULL::json",
  attempts: "coalesce(attempts, '[]')",
};

/** The branch of the view that shows one table; times also as they are stored, in milliseconds. */
function branch(schema: string, table: string, state: string, own: Partial<typeof noOwn>): string {
  const { owner, claimed, finished, cancel, reason, attempts } = { ...noOwn, ...own };
  return `SELECT id, ${state} AS state, name, version, queue, priority, attempt, crashes, run, ${owner} AS owner,
  to_timestamp(created_at / 1000.0) AS created_at, to_timestamp(run_at / 1000.0) AS run_at,
  to_timestamp(${claimed} / 1000.0) AS claimed_at, to_timestamp(${finished} / 1000.0) AS finished_at,
  payload, result, checkpoint, progress, ${cancel} AS cancel, ${reason} AS reason, ${attempts} AS attempts, policy,
  backoff_ms, unique_key, unique_while, coalesce(tags, '[]') AS tags,
  created_at AS created_ms, run_at AS run_ms, ${claimed} AS claimed_ms, ${finished} AS finished_ms
FROM ${schema}.${table}`;
}

const derivedAttempts = `coalesce(attempts, json_build_array(json_build_object('number', attempt, 'run', run,
  'worker', owner::text, 'began', began_at, 'ended', finished_at, 'how', 'completed')))`;

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
    branch(schema, "done", "'completed'::text", { ...ended, attempts: derivedAttempts }),
    branch(schema, "dead", "state", { ...ended, reason: "reason" }),
  ];
  return `CREATE VIEW ${schema}.jobs AS\n${branches.join("\nUNION ALL\n")};`;
}
