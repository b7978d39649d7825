import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Client, createClient, createWorker, defineJob, type Job } from "holdfast";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { type FreshDatabase, freshDatabase, isDeaf } from "../support/fresh-database.ts";
import { type SqliteHandle, openHandle } from "../support/sqlite-handle.ts";
import { silent, sqliteFiles } from "./client-databases.ts";

/** False where a pooler keeps workers from hearing: they find their work by polling. */
const hears = !isDeaf();

const inRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const example = (name: string) => readFileSync(inRoot(`examples/producers/${name}`), "utf8");

const receipt = defineJob<{ readonly order: number }, string>({ name: "send-receipt" });
const review = defineJob<{ readonly order: number }>({ name: "ask-for-review" });

const orders = "CREATE TABLE orders (id integer PRIMARY KEY, customer integer NOT NULL)";

/** What a commit of SQL says to those who wait for the queue. */
const woken = '{"from" : "sql", "work" : ["default"], "due" : null}';

/** A client with a worker that would look for work only after this test, were it not woken. */
async function work(
  { url, listen }: Pick<FreshDatabase, "url" | "listen">,
  poll: "1m" | "20ms",
): Promise<Client> {
  const elsewhere = listen === undefined ? {} : { listen };
  const client = await createClient(url, { logger: silent, ...elsewhere });
  const worker = createWorker(client, {
    handlers: [receipt.handler(({ order }) => `receipt ${order}`), review.handler(() => {})],
    poll,
    drain: "100ms",
    grace: "100ms",
  });
  onTestFinished(() => client.close());
  onTestFinished(() => worker.stop());
  await worker.start();
  return client;
}

async function only(client: Client, name: string): Promise<Job> {
  const { jobs } = await client.jobs.list({ name });
  expect(jobs).toHaveLength(1);
  return jobs[0] as Job;
}

/** What the scripts enqueue, once a worker has done what is due. */
async function expectScripted(client: Client, output: string): Promise<void> {
  const words = output.split("\n").map((line) => line.split(" "));
  const [first, second, third] = words.map(([id]) => id);
  expect(words.slice(0, 3).map(([, outcome]) => outcome)).toEqual([
    "enqueued",
    "existing",
    "enqueued",
  ]);
  expect(second).toBe(first);
  const done = await client.handle(first ?? "").result({ timeout: "10s" });
  expect(done).toBe("receipt 7");
  expect(await only(client, "send-receipt")).toMatchObject({ priority: 2, uniqueKey: "order-7" });
  const later = await only(client, "ask-for-review");
  expect(later).toMatchObject({ id: third, state: "scheduled" });
  expect(later.runAt - later.createdAt).toBe(14 * 86_400_000);
}

/** The job of a trigger: it waits for a second, and then for its lane. */
async function expectTriggered(client: Client): Promise<void> {
  const made = await only(client, "send-receipt");
  expect(made).toMatchObject({
    state: "scheduled",
    payload: { order: 7 },
    priority: 2,
    uniqueKey: "order-7",
    gates: [{ gate: "lane:customer-3", weight: 1 }],
  });
  expect(made.runAt - made.createdAt).toBe(1_000);
  expect(await client.handle(made.id).result({ timeout: "10s" })).toBe("receipt 7");
}

const pythons = ["python3", "/usr/bin/python3"];
const runs = (python: string, code: string) => spawnSync(python, ["-c", code]).status === 0;
const python = pythons.find((each) => runs(each, "pass"));
const withPsycopg = pythons.find((each) => runs(each, "import psycopg"));

function runPython(script: string, args: readonly string[], env: object = {}): Promise<string> {
  const program = script.includes("postgres") ? (withPsycopg ?? python) : python;
  const child = spawn(program ?? "python3", [inRoot(`examples/producers/${script}`), ...args], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${script} ended with ${code}: ${output}`));
    });
  });
}

describe("on PostgreSQL", () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase(inject("databaseUrl"));
  });
  afterAll(() => database.drop());

  /** What is a session's own needs one. */
  async function raw(url = database.url): Promise<pg.Client> {
    const client = new pg.Client(url);
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }

  /** Each test has the one schema of its database to itself. */
  async function empty(client: Client): Promise<void> {
    for (const { id } of (await client.jobs.list({ limit: 1_000 })).jobs) {
      await client.jobs.cancel(id);
      await client.jobs.delete(id);
    }
  }

  test("a trigger enqueues with key, lane, delay and priority, and its commit counts", async () => {
    const client = await work(database, hears ? "1m" : "20ms");
    const db = await raw();
    await db.query(`${orders}; ${example("trigger_postgres.sql")}`);
    await db.query("BEGIN; INSERT INTO orders VALUES (6, 3); ROLLBACK");
    expect((await client.jobs.list()).jobs).toEqual([]);
    await db.query("INSERT INTO orders VALUES (7, 3)");
    await expectTriggered(client);
    await empty(client);
  });

  test.skipIf(!hears)("the commit of a raw connection wakes an idle worker", async () => {
    const client = await work(database, hears ? "1m" : "20ms");
    const db = await raw();
    await eventually("the worker is idle", async () => {
      const { rows } = await db.query("SELECT WHERE holdfast.idle('default')");
      return rows.length === 1;
    });
    const listener = await raw(database.direct);
    const heard: unknown[] = [];
    listener.on("notification", ({ payload = "" }) => heard.push(payload));
    await listener.query('LISTEN "holdfast:holdfast"');
    await db.query("BEGIN");
    const { rows } = await db.query<{ id: string }>(
      `SELECT id FROM holdfast.enqueue('send-receipt', '{"order": 8}')`,
    );
    await listener.query("SELECT 1");
    expect(heard).toEqual([]);
    await db.query("COMMIT");
    await eventually("the worker is woken", () => heard.some((each) => each === woken));
    const { id = "" } = rows[0] ?? {};
    expect(await client.handle(id).result({ timeout: "10s" })).toBe("receipt 8");
    await empty(client);
  });

  test("every kind of JSON finds its function, literals too", async () => {
    const client = await createClient(database.url, { logger: silent });
    onTestFinished(() => client.close());
    const db = await raw();
    const calls = [
      "enqueue('plain')",
      "enqueue('plain', NULL)",
      "enqueue('plain', '1')",
      `enqueue('plain', '1', '{"priority":1}')`,
      "enqueue('plain'::varchar, '1'::varchar)",
      "enqueue('plain', to_jsonb(7))",
      `enqueue('plain', to_jsonb(7), '{"priority":1}')`,
      "enqueue('plain', row_to_json(ROW(1, 2)), json_build_object('delay', '1h'))",
      "enqueue('plain', '1', jsonb_build_object('runAt', now() + interval '1 day'))",
      "enqueue(name => 'plain', payload => '1', options => '{}')",
    ];
    for (const call of calls) {
      const { rows } = await db.query(`SELECT outcome FROM holdfast.${call}`);
      expect(rows, call).toEqual([{ outcome: "enqueued" }]);
    }
    // As a restore of a dump has it, while triggers may fire.
    await db.query(`BEGIN; SET LOCAL search_path = '';
      SELECT holdfast.enqueue('plain', '1', '{"unique":{"key":"s"},"lane":"l","tags":["t"],"delay":"1s"}'); ROLLBACK`);
    const refused = (options: string): Promise<unknown> =>
      db
        .query("SELECT holdfast.enqueue('plain', '1', $1)", [options])
        .catch((error: unknown) => error);
    const message = /^INVALID_OPTION: delay must be a duration .*; got "x"\.$/;
    const wrong = await refused('{"delay":"x"}');
    expect(wrong).toMatchObject({ code: "22023" });
    expect(String((wrong as Error).message)).toMatch(message);
    await refused('{"unique":{"key":"k"}}');
    const held = await refused('{"unique":{"key":"k","onConflict":"error"}}');
    expect(held).toMatchObject({ code: "23505" });
    expect((held as { detail: string }).detail).toMatch(/^{"holder" : "\d+"}$/);
    await empty(client);
  });

  test("a role with the grants of the guide may enqueue in every way, and nothing else", async () => {
    const client = await createClient(database.url, { logger: silent });
    onTestFinished(() => client.close());
    const role = `shop_${database.url.slice(-12)}`;
    const db = await raw(database.direct);
    await db.query(`CREATE ROLE ${role}`);
    onTestFinished(async () => {
      await db.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
    const enqueue = "SELECT outcome FROM holdfast.enqueue('plain', '1', $1)";
    await db.query(`GRANT USAGE ON SCHEMA holdfast TO ${role}; SET ROLE ${role}`);
    await expect(db.query(enqueue, ["{}"])).rejects.toMatchObject({ code: "42501" });
    await db.query("RESET ROLE");
    await db.query(example("grants.sql").replaceAll("TO shop;", `TO ${role};`));
    await db.query(`SET ROLE ${role}`);
    const replacing = '{"unique":{"key":"k","while":"waiting","onConflict":"replace"},"lane":"l"}';
    for (const options of ["{}", '{"delay":"1s"}', '{"lane":"l"}', replacing, replacing]) {
      await db.query(enqueue, [options]);
    }
    const request = '{"idempotencyKey":"r","unique":{"key":"k"}}';
    for (const options of [request, request]) {
      expect((await db.query(enqueue, [options])).rows).toEqual([{ outcome: "existing" }]);
    }
    await expect(db.query("SELECT * FROM holdfast.done")).rejects.toMatchObject({ code: "42501" });
    await db.query("RESET ROLE");
    await empty(client);
  });

  test("who asks for a key that an open transaction has taken hears what became of it", async () => {
    const client = await createClient(database.url, { logger: silent });
    onTestFinished(() => client.close());
    const [one, two, watcher] = [await raw(), await raw(), await raw(database.direct)];
    const call = `SELECT id, outcome FROM holdfast.enqueue('plain', '1', '{"unique":{"key":"k"}}')`;
    await one.query("BEGIN");
    const first = await one.query<{ id: string }>(call);
    const second = two.query<{ id: string; outcome: string }>(call);
    await eventually("the second waits", async () => {
      const { rows } = await watcher.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length === 1;
    });
    await one.query("COMMIT");
    expect((await second).rows).toEqual([{ id: first.rows[0]?.id, outcome: "existing" }]);
    await empty(client);
  });

  const way = withPsycopg === undefined ? "the standard library alone" : "psycopg";
  test.skipIf(python === undefined)(`a Python script enqueues (with ${way})`, async () => {
    const client = await work(database, hears ? "1m" : "20ms");
    const standIn = withPsycopg === undefined ? { PYTHONPATH: inRoot("test/support/python") } : {};
    const env = { DATABASE_URL: database.url, ...standIn };
    await expectScripted(client, await runPython("enqueue_postgres.py", [], env));
    await empty(client);
  });
});

describe("on a SQLite file", () => {
  const place = sqliteFiles();

  async function raw(file: string): Promise<SqliteHandle> {
    const handle = await openHandle(file);
    onTestFinished(() => handle.close());
    handle.exec("PRAGMA busy_timeout = 5000");
    return handle;
  }

  test("a trigger enqueues with key, lane, delay and priority, and its commit counts", async () => {
    const { url } = place();
    const client = await work({ url }, "20ms");
    const db = await raw(url.slice("sqlite:".length));
    db.exec(`${orders}; ${example("trigger_sqlite.sql")}`);
    db.exec("BEGIN; INSERT INTO orders VALUES (6, 3); ROLLBACK");
    expect((await client.jobs.list()).jobs).toEqual([]);
    db.exec("INSERT INTO orders VALUES (7, 3)");
    await expectTriggered(client);
  });

  test("a raw INSERT of many rows enqueues each of them, or none", async () => {
    const { url } = place();
    const client = await createClient(url, { logger: silent });
    onTestFinished(() => client.close());
    const db = await raw(url.slice("sqlite:".length));
    const insert = (numbers: string) =>
      `INSERT OR IGNORE INTO holdfast_enqueue (name, payload, options)
       SELECT 'plain', value, json_object('priority', value) FROM json_each('[${numbers}]')`;
    db.exec(insert("1, 2, 3"));
    expect(() => db.exec(insert("4, 5, 10"))).toThrow(/^INVALID_OPTION: enqueue: priority/);
    const { jobs } = await client.jobs.list();
    const stored = new Map(jobs.map(({ payload, priority }) => [payload, priority]));
    expect([jobs.length, ...[1, 2, 3].map((each) => stored.get(each))]).toEqual([3, 1, 2, 3]);
  });

  test.skipIf(python === undefined)("a Python script enqueues, and a touch wakes", async () => {
    const { url } = place();
    const client = await work({ url }, "1m");
    await expectScripted(client, await runPython("enqueue_sqlite.py", [url.slice(7)]));
  });
});

test("a job of a producer is seen by the client at once", async () => {
  const client = await createClient("sqlite::memory:", { logger: silent });
  onTestFinished(() => client.close());
  await client.transaction((tx) =>
    tx.query("INSERT INTO holdfast_enqueue (name) VALUES ($1)", ["plain"]),
  );
  await eventually("the job is there", async () => (await client.jobs.list()).jobs.length === 1);
});
