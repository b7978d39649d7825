import { postgresStorage } from "holdfast/postgres";
import type { Storage } from "holdfast";
import pg from "pg";
import { expect, inject } from "vitest";
import { hire, t0 } from "../conformance/jobs.ts";
import { freshDatabase } from "./fresh-database.ts";
import { watchedPool } from "./watched-pool.ts";

/** Every plan of a statement is told as a notice, nested ones included, with the buffers it touched. */
const explaining = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_nested_statements": "on",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_buffers": "on",
  "auto_explain.log_timing": "off",
  client_min_messages: "log",
};

const deadJobs = 30_000;
const finishedJobs = 20_000;
const waitingJobs = 20_000;

/**
 * A database as it is after a bad hour: a snapshot pinned before tens of thousands of jobs came and went, and as many
 * waiting for later. No statistics were ever gathered.
 */
async function bloat(url: string): Promise<pg.Client> {
  const pin = new pg.Client(url);
  await pin.connect();
  await pin.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await pin.query("SELECT 1 FROM pg_class LIMIT 1");
  const client = new pg.Client(url);
  await client.connect();
  const common = `created_at, run_at, version, priority, name, queue, payload`;
  const values = `${t0}, ${t0}, 1, 5, 'work', 'default', '{}'`;
  // A vacuum of the server's own, when the tests take longer than its naps, would gather statistics.
  await client.query(`
    DO $$ DECLARE name regclass; BEGIN
      FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'holdfast'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
      END LOOP;
    END $$`);
  await client.query(`
    INSERT INTO holdfast.live (id, seq, ${common})
      SELECT nextval('holdfast.job_id'), nextval('holdfast.job_seq'), ${values} FROM generate_series(1, ${deadJobs});
    DELETE FROM holdfast.live;
    INSERT INTO holdfast.later (id, retrying, created_at, run_at, version, priority, name, queue, payload)
      SELECT nextval('holdfast.job_id'), false, ${t0}, ${t0} + 3600000 + i, 1, 5, 'work', 'default', '{}'
      FROM generate_series(1, ${waitingJobs}) AS i;
    INSERT INTO holdfast.done (id, ${common}, finished_at)
      SELECT nextval('holdfast.job_id'), ${values}, ${t0} FROM generate_series(1, ${finishedJobs});
    INSERT INTO holdfast.done_expiry (bucket, ids) SELECT 99999, ARRAY[id] FROM holdfast.done;
    INSERT INTO holdfast.dead (id, ${common}, finished_at, bucket, state)
      SELECT nextval('holdfast.job_id'), ${values}, ${t0}, 99999, 'discarded' FROM generate_series(1, ${finishedJobs});
    INSERT INTO holdfast.uniq (name, key, holder)
      SELECT 'work', 'key ' || i, i FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.stat (span_ms, at, queue, name, enqueued, started, completed, rescheduled, snoozed, failed,
        retried, discarded, cancelled, rescued, waiting, running)
      SELECT 60000, ${t0} - ${t0} % 60000 - i * 60000, 'default', 'work' || n, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '1:1', '2:1'
      FROM generate_series(1, 2880) AS i, generate_series(1, 7) AS n;
    INSERT INTO holdfast.stat_line (at, queue, name, tally)
      SELECT ${t0} - ${t0} % 60000, 'default', 'work', 'e1' FROM generate_series(1, ${deadJobs});
    DELETE FROM holdfast.stat_line;
    INSERT INTO holdfast.capped (queue, seq, job, run)
      SELECT 'capped', nextval('holdfast.job_seq'), i, 1 FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.keylock (key, job) SELECT 'lane:gone ' || i, i FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.blocked (id, seq, ${common}, gates, gate)
      SELECT nextval('holdfast.job_id'), nextval('holdfast.job_seq'), ${t0}, ${t0}, 1, 5, 'work', q.queue, '{}',
        '[{"gate":"lane:deep","weight":1}]', 'lane:deep'
      FROM (VALUES ('unserved'), ('default')) AS q(queue), generate_series(1, ${waitingJobs / 2})`);
  await client.end();
  return pin;
}

/** Storage on such a database whose plans are told. */
export interface BloatedDatabase {
  readonly storage: Storage;
  /** A worker. */
  readonly owner: string;
  /** The plans of the statements that a call sends. */
  plansOf(call: () => Promise<unknown>): Promise<string>;
  remove(): Promise<void>;
}

/** Makes a bloated database and opens it. */
export async function bloatedDatabase(): Promise<BloatedDatabase> {
  const database = await freshDatabase(inject("databaseUrl"));
  const setUp = await postgresStorage({ url: database.url });
  await setUp.migrate();
  const pin = await bloat(database.url);
  const watched = watchedPool(database.url, explaining);
  const storage = await postgresStorage({ pool: watched.pool });
  const owner = await hire(setUp);
  return {
    storage,
    owner,
    async plansOf(call) {
      watched.clear();
      await call();
      return watched.notices.filter((notice) => notice.includes("plan:")).join("\n\n");
    },
    async remove() {
      await storage.close();
      await setUp.close();
      await watched.pool.end();
      await pin.end();
      await database.drop();
    },
  };
}

/** Fails on any walk over a whole table of jobs that is not tiny, and on a sort of one. */
export function expectIndexes(plans: string, ...indexes: readonly RegExp[]): void {
  const walks = plans
    .split("\n")
    .filter((line) =>
      /Seq Scan on (live|later|blocked|done|dead|uniq|done_expiry|stat)\b/.test(line),
    )
    .filter((line) => !line.includes("(never executed)"));
  expect(walks, plans).toEqual([]);
  for (const index of indexes) expect(plans).toMatch(index);
}

/** The most rows that one step read of any of the tables, or of an index of theirs before it went to the table. */
export function rowsRead(plans: string, tables: string): number {
  const steps = plans.matchAll(
    new RegExp(`Scan [^\\n]*on (?:${tables})(?:_\\w+)?\\b[^\\n]*actual rows=([\\d.]+)`, "g"),
  );
  return Math.max(0, ...[...steps].map(([, rows]) => Number(rows)));
}
