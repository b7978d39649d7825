import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClientSettings,
  createClient,
  createWorker,
  defineJob,
  type WorkerOptions,
} from "holdfast";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { freshDatabase } from "../support/fresh-database.ts";
import { hasPgbouncer, openPgbouncer } from "../support/pgbouncer.ts";
import { openTransactionPooler } from "../support/transaction-pooler.ts";
import { silent } from "./client-databases.ts";

const servers = 3;
const manyClients = 8;
/** The default `poll`, and some time to spare on a busy machine; a worker that trusts wakeups looks every 15 s only. */
const pollMs = 1_000;
const promptMs = pollMs + 2_000;

/** Ways to hand out the connections: going round shows what a session was left with, the newest again hides it for a while. */
const poolers = {
  "a pooler that goes round": (url: string) => openTransactionPooler(url, { servers }),
  "a pooler that takes the newest again": (url: string) =>
    openTransactionPooler(url, { servers, turn: "newest" }),
  ...(hasPgbouncer ? { PgBouncer: (url: string) => openPgbouncer(url, { servers }) } : {}),
};

const greet = defineJob<{ readonly name: string }, string>({ name: "greet" });
const falter = defineJob<null, number>({
  name: "falter",
  retry: { backoff: { min: "10ms", max: "10ms" } },
});
const wait = defineJob<null>({ name: "wait" });

const handlers = [
  greet.handler(({ name }) => `hello ${name}`),
  falter.handler((_payload, { attempt }) => {
    if (attempt < 3) throw new Error("not yet");
    return attempt;
  }),
  wait.handler(async (_payload, { signal }) => {
    await sleep(60_000, undefined, { signal });
  }),
];

describe.for(Object.entries(poolers))("behind %s", ([, open]) => {
  let url = "";
  let direct = "";
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const database = await freshDatabase(inject("databaseUrl"));
    const pooler = await open(database.url);
    ({ direct } = database);
    closing.push(() => pooler.close(), database.drop);
    ({ url } = pooler);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  async function client(settings: ClientSettings = {}) {
    const opened = await createClient(url, { logger: silent, ...settings });
    onTestFinished(() => opened.close());
    return opened;
  }

  async function work(
    options: Omit<WorkerOptions<unknown>, "handlers"> = {},
    settings: ClientSettings = {},
  ) {
    const worker = createWorker(await client(settings), {
      handlers,
      drain: "100ms",
      grace: "100ms",
      ...options,
    });
    await worker.start();
    onTestFinished(() => worker.stop());
  }

  test("many clients and workers share a few connections: jobs complete, are retried and cancelled", async () => {
    await Promise.all([work({ poll: "50ms" }), work({ poll: "50ms" })]);
    const clients = await Promise.all(Array.from({ length: manyClients }, client));
    const ended = clients.map(async (one, index) => {
      const hello = await one.enqueue(greet, { name: String(index) });
      const third = await one.enqueue(falter, null);
      const inTransaction = await one.transaction((tx) =>
        one.enqueue(greet, { name: "tx" }, { tx }),
      );
      const results = [hello, inTransaction].map(({ id }) =>
        one.handle(id).result({ timeout: "20s" }),
      );
      expect(await Promise.all(results)).toEqual([`hello ${index}`, "hello tx"]);
      expect(await one.handle(third.id).result({ timeout: "20s" })).toBe(3);
      const { id } = await one.enqueue(wait, null);
      await expect
        .poll(async () => (await one.jobs.get(id))?.state, { timeout: 20_000 })
        .toBe("running");
      await one.jobs.cancel(id);
      const { state } = await one.handle(id).finished({ timeout: "20s" });
      expect(state).toBe("cancelled");
    });
    await Promise.all(ended);
  });

  test("a worker does not rely on wakeups: polling finds the work of other processes", async () => {
    await work();
    const other = await client();
    await other.enqueue(greet, { name: "first" });
    // Long enough without work that it looks as rarely as it ever does.
    await sleep(4 * pollMs);
    const { id } = await other.enqueue(greet, { name: "second" });
    const began = performance.now();
    await other.handle(id).result({ timeout: "20s" });
    expect(performance.now() - began).toBeLessThan(promptMs);
  });

  test("a worker that is told of a direct connection relies on what it hears there, and nowhere else", async () => {
    const watcher = new pg.Client(direct);
    await watcher.connect();
    onTestFinished(() => watcher.end());
    const idle = async () => {
      const { rows } = await watcher.query("SELECT WHERE holdfast.idle('default')");
      return rows.length === 1;
    };
    await work({}, { listen: false });
    await work();
    await work({ poll: "30s" }, { listen: direct });
    await expect.poll(idle, { timeout: 10_000 }).toBe(true);
    const other = await client();
    const { id } = await other.enqueue(greet, { name: "direct" });
    expect(await other.handle(id).result({ timeout: "20s" })).toBe("hello direct");
  });

  test("no session is left with a setting, a lock, a statement or a table of ours", async () => {
    const sessions = Array.from({ length: servers }, () => new pg.Client(url));
    await Promise.all(sessions.map((session) => session.connect()));
    // An open transaction keeps its connection, so these are all there are.
    await Promise.all(sessions.map((session) => session.query("BEGIN")));
    const left = await Promise.all(sessions.map((session) => session.query<Left>(leftovers)));
    await Promise.all(sessions.map((session) => session.query("ROLLBACK")));
    await Promise.all(sessions.map((session) => session.end()));
    expect(new Set(left.map(({ rows }) => rows[0]?.pid)).size).toBe(servers);
    expect(left.flatMap(({ rows }) => rows[0]?.found)).toEqual([]);
  });
});

interface Left {
  readonly pid: number;
  readonly found: readonly string[];
}

const leftovers = `SELECT pg_backend_pid() AS pid, array(
  SELECT 'statement ' || name FROM pg_prepared_statements
  UNION ALL SELECT 'cursor ' || name FROM pg_cursors
  UNION ALL SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
  UNION ALL SELECT 'channel ' || channel FROM pg_listening_channels() AS channel
  UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
  UNION ALL SELECT 'setting ' || name FROM pg_settings
    WHERE source = 'session' AND name NOT IN ('client_encoding', 'application_name', 'TimeZone', 'DateStyle')
) AS found`;
