import type { Storage } from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { settle } from "../../src/core/lifecycle.ts";
import { declare, laneOf, limitOf } from "../conformance/gates.ts";
import { claim, enqueue, hire, settleOne, single, someJobs, t0 } from "../conformance/jobs.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import { watchedPool } from "../support/watched-pool.ts";

const gates = laneOf("a");

let database: FreshDatabase;
let storage: Storage;
let owner: string;

async function open(): Promise<Storage> {
  const opened = await postgresStorage({ url: database.url });
  onTestFinished(() => opened.close());
  return opened;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(database.url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

beforeEach(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  // The one registered last runs first.
  onTestFinished(() => database.drop());
  storage = await open();
  await storage.migrate();
  owner = await hire(storage);
});

/** A transaction of somebody else, left open after one statement. */
async function rival(sql: string): Promise<pg.Client> {
  const client = await connect();
  await client.query("BEGIN");
  await client.query(sql);
  return client;
}

describe("on a database whose transactions are stricter unless they say otherwise", () => {
  test("no two callers let in two jobs of a lane", async () => {
    const name = new URL(database.url).pathname.slice(1);
    const admin = await connect();
    await admin.query(
      `ALTER DATABASE ${name} SET default_transaction_isolation = 'repeatable read'`,
    );
    const rivals = await Promise.all([open(), open()]);
    await enqueue(storage, ...someJobs(20, { gates }));
    for (let done = 0; done < 20; done += 1) {
      const answers = await Promise.all([
        ...rivals.map((each) => each.admitJobs(["lane:a"], t0)),
        ...rivals.map((each) => each.admitWaiting(10, t0)),
      ]);
      expect(answers.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
      await settleOne(storage, single(await claim(storage, owner)), "completed");
    }
  });

  test("an admission still is one call where they are not", async () => {
    const watched = watchedPool(database.url);
    onTestFinished(() => watched.pool.end());
    const one = await postgresStorage({ pool: watched.pool });
    onTestFinished(() => one.close());
    await one.admitJobs(["lane:a"], t0);
    expect(watched.sent.filter((sql) => !sql.includes("transaction_read_only"))).toHaveLength(1);
  });
});

test("a holder that is being moved to another child of the ring is counted once, before and after", async () => {
  const [id] = await enqueue(storage, ...someJobs(2, { gates }));
  expect((await storage.admitJobs(["lane:a"], t0)).rows).toBe(1);
  const { rows } = await (await connect()).query<{ columns: string }>(
    `SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns
      WHERE table_schema = 'holdfast' AND table_name = 'live' AND column_name <> 'slot'`,
  );
  const columns = rows[0]?.columns;
  const move = `WITH job AS (DELETE FROM holdfast.live WHERE id = ${id} RETURNING *)
    INSERT INTO holdfast.live (${columns}, slot) SELECT ${columns}, (slot + 1) % 4 FROM job`;
  const mover = await rival(move);
  expect((await storage.admitJobs(["lane:a"], t0)).rows).toBe(0);
  await mover.query("COMMIT");
  expect((await storage.admitJobs(["lane:a"], t0)).rows).toBe(0);
  expect(await storage.listHolders("lane:a", 10)).toEqual([id]);
});

test("a gate somebody else is at is theirs, and worth asking again", async () => {
  await enqueue(storage, ...someJobs(1, { gates }));
  const other = await rival("SELECT pg_advisory_xact_lock(holdfast.gate_lock('lane:a'))");
  expect(await storage.admitJobs(["lane:a"], t0)).toMatchObject({ rows: 0, more: true });
  expect(await storage.admitWaiting(10, t0)).toMatchObject({
    rows: 0,
    more: false,
    waiting: true,
    partial: true,
  });
  await other.query("COMMIT");
  expect((await storage.admitJobs(["lane:a"], t0)).rows).toBe(1);
});

test("so is a second gate, and the job stays first in its line meanwhile", async () => {
  await declare(storage, { s: 5 });
  const both = [...gates, ...limitOf("s")];
  const [first] = await enqueue(storage, ...someJobs(2, { gates: both }));
  const other = await rival("SELECT pg_advisory_xact_lock(holdfast.gate_lock('limit:s'))");
  expect(await storage.admitJobs(["lane:a"], t0)).toMatchObject({ rows: 0, more: true });
  await other.query("COMMIT");
  expect((await storage.admitJobs(["lane:a"], t0)).rows).toBe(1);
  expect(await storage.listHolders("limit:s", 10)).toEqual([first]);
});

test("a bucket somebody is at makes a job wait, and costs it no token", async () => {
  await declare(storage, { r: { rate: { count: 2, perMs: 1_000 } } });
  await enqueue(storage, ...someJobs(3, { gates: limitOf("r") }));
  expect(await storage.takeTokens("limit:r", "r", 1, t0)).toEqual({ outcome: "granted" });
  const other = await rival("SELECT FROM holdfast.bucket WHERE key = 'limit:r' FOR UPDATE");
  expect(await storage.admitJobs(["limit:r"], t0)).toMatchObject({ rows: 0, more: true });
  await other.query("COMMIT");
  expect(await storage.admitJobs(["limit:r"], t0)).toMatchObject({ rows: 1, nextAt: t0 + 500 });
});

// Plans are logged by a library that only a superuser may load.
test.skipIf(inject("pooled") !== undefined)(
  "a rate over a large backlog is as quick as over a small one: it does not count who was let in",
  async () => {
    await declare(storage, { r: { rate: { count: 1_000_000, perMs: 1_000 } } });
    await enqueue(storage, ...someJobs(3_000, { gates: limitOf("r") }));
    for (let rows = 100; rows === 100; ) ({ rows } = await storage.admitJobs(["limit:r"], t0));
    await enqueue(storage, ...someJobs(1, { gates: limitOf("r") }));
    const client = await connect();
    const explain = [
      "LOAD 'auto_explain'",
      "SET auto_explain.log_min_duration = 0",
      "SET auto_explain.log_analyze = on",
      "SET auto_explain.log_buffers = on",
      "SET auto_explain.log_timing = off",
      "SET client_min_messages = log",
    ];
    await client.query(explain.join("; "));
    const hits: number[] = [];
    client.on("notice", ({ message = "" }) => {
      for (const [, count] of message.matchAll(/Buffers: shared hit=(\d+)/g))
        hits.push(Number(count));
    });
    const { rows } = await client.query<{ jobs: number }>(
      "SELECT jobs FROM holdfast.admit(ARRAY['limit:r'], $1)",
      [t0],
    );
    expect(rows).toEqual([{ jobs: 1 }]);
    expect(hits.length).toBeGreaterThan(0);
    expect(Math.max(...hits)).toBeLessThan(10_000);
  },
);

test("jobs without gates are stored, claimed and settled by the statements they always were", async () => {
  const watched = watchedPool(database.url);
  onTestFinished(() => watched.pool.end());
  const one = await postgresStorage({ pool: watched.pool });
  onTestFinished(() => one.close());
  await enqueue(one, ...someJobs(1));
  watched.clear();
  await enqueue(one, ...someJobs(3));
  const jobs = await claim(one, owner);
  const facts = { now: t0, random: 0, began: t0 };
  await one.settleJobs(
    jobs.map((job) => settle(job, { kind: "completed" }, facts)),
    t0,
  );
  expect(watched.sent.filter((sql) => /gate|admit|blocked|keylock/.test(sql))).toEqual([]);
  expect(watched.sent).toHaveLength(3);
});
