import { setTimeout as sleep } from "node:timers/promises";
import {
  type Client,
  createClient,
  createWorker,
  defineJob,
  type JobId,
  type Storage,
  type Worker,
  type WorkerOptions,
} from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, type TestContext, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aJob, enqueueOne, uniqueOn } from "../conformance/jobs.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import { createLatch } from "../support/latch.ts";
import {
  type ListenFate,
  openSeveringProxy,
  type SeveringProxy,
} from "../support/severing-proxy.ts";
import { silent } from "./client-databases.ts";

/** What went wrong in other queues on PostgreSQL, by its number in docs/incidents.md, and does not here. */
let database: FreshDatabase | undefined;
let url = "";
beforeAll(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  ({ url } = database);
  await (await createClient(url, { logger: silent })).close();
});
afterAll(() => database?.drop());

/** Ways to the database, closed after the test. */
function toolsOf({ onTestFinished: after }: Pick<TestContext, "onTestFinished">) {
  async function connect(way = url): Promise<pg.Client> {
    const client = new pg.Client(way);
    client.on("error", () => {});
    await client.connect();
    after(() => client.end());
    return client;
  }
  return {
    after,
    connect,
    async storageOn(way: string): Promise<Storage> {
      const storage = await postgresStorage({ url: way });
      after(() => storage.close());
      return storage;
    },
    async clientOn(source: string | { readonly pool: pg.Pool }): Promise<Client> {
      const client =
        typeof source === "string"
          ? await createClient(source, { logger: silent })
          : await createClient({ ...source, logger: silent });
      after(() => client.close());
      return client;
    },
    async work(client: Client, options: WorkerOptions<unknown>): Promise<Worker> {
      const worker = createWorker(client, options);
      await worker.start();
      after(() => worker.stop());
      return worker;
    },
    /** A pool of the application's own. */
    poolOf(options: pg.PoolConfig, way = url): pg.Pool {
      const pool = new pg.Pool({ connectionString: way, ...options });
      pool.on("error", () => {});
      after(() => pool.end());
      return pool;
    },
    async proxyOf(fate?: ListenFate): Promise<SeveringProxy> {
      const proxy = await openSeveringProxy(url, fate);
      after(() => proxy.close());
      return proxy;
    },
    /** Notifications about a queue, as any session hears them. */
    async messagesOf(queue: string): Promise<readonly string[]> {
      const heard: string[] = [];
      const client = await connect();
      client.on("notification", ({ payload = "" }) => {
        if (payload.includes(JSON.stringify(queue))) heard.push(payload);
      });
      await client.query('LISTEN "holdfast:holdfast"');
      return heard;
    },
  };
}

/** A job and its own queue, of one name, so that the tests of this file do not take each other's. */
function jobOf(queue: string) {
  return defineJob<number, number>({ name: queue, queue });
}

test.concurrent("incident 23: an application that holds every connection of its pool, each with a job in an open transaction, keeps no worker from its jobs and heartbeats", async (context) => {
  const on = toolsOf(context);
  const job = jobOf("incident-23");
  const pool = on.poolOf({ max: 2 });
  const client = await on.clientOn({ pool });
  const worker = await on.work(client, {
    handlers: [job.handler((n) => n + 1)],
    poll: "50ms",
    lease: "1s",
    heartbeat: "100ms",
  });
  const registration = worker.id;
  const held = await Promise.all([pool.connect(), pool.connect()]);
  for (const tx of held) {
    await tx.query("BEGIN");
    await client.enqueue(job, 100, { tx });
  }
  const { id } = await client.enqueue(job, 1);
  expect(await client.handle(id).result({ timeout: "10s" })).toBe(2);
  await sleep(1_500);
  expect(worker.id).toBe(registration);
  for (const tx of held) {
    await tx.query("ROLLBACK");
    tx.release();
  }
});

test.concurrent("incident 33: ten thousand jobs enqueued at once send a notification or two, not one each", async (context) => {
  const on = toolsOf(context);
  const job = jobOf("incident-33");
  const storage = await on.storageOn(url);
  const ear = await storage.listen({ onWork() {}, onCancel() {} });
  await eventually("somebody waits", () => ear.waitFor([job.name]));
  const heard = await on.messagesOf(job.name);
  const client = await on.clientOn(url);
  await client.enqueueMany(
    job,
    Array.from({ length: 10_000 }, (_, index) => index),
  );
  await eventually("it is told", () => heard.length > 0);
  await sleep(100);
  expect(heard.length).toBeLessThan(3);
});

test.concurrent("incident 34: while all workers have their hands full, commits soon carry no notification, so none of them queue up for it", async (context) => {
  const on = toolsOf(context);
  const job = jobOf("incident-34");
  const client = await on.clientOn(url);
  const [began, goOn] = [createLatch(), createLatch()];
  await on.work(client, {
    handlers: [
      job.handler(async (n) => {
        began.open();
        await goOn.opened;
        return n;
      }),
    ],
    queues: { [job.name]: { concurrency: 1 } },
  });
  on.after(() => goOn.open());
  await client.enqueue(job, 0);
  await began.opened;
  const heard = await on.messagesOf(job.name);
  const other = await on.clientOn(url);
  for (let n = 1; n <= 20; n++) await other.enqueue(job, n);
  await sleep(200);
  const first = heard.length;
  for (let n = 1; n <= 50; n++) await other.enqueue(job, n);
  await sleep(200);
  expect(heard.length - first).toBe(0);
});

test.concurrent("incident 37: each kind of subscriber hears again once the connection that listens was ended", async (context) => {
  const on = toolsOf(context);
  const listening = await on.storageOn(`${url}?application_name=incident-37`);
  const sending = await on.storageOn(url);
  const heard = { work: 0, cancel: 0, due: 0 };
  const ear = await listening.listen({
    onWork: (queues) => void (heard.work += Number(queues.includes("incident-37"))),
    onCancel: (ids) => void (heard.cancel += Number(ids.includes("37"))),
    onDue: () => void (heard.due += 1),
  });
  const hearsAll = () =>
    eventually("work, cancel requests and due times are heard", async () => {
      await ear.waitFor(["incident-37"]);
      await sending.wake(["incident-37"]);
      await sending.wakeCancelled(["37"]);
      await sending.wake([], Date.now() + 1_000);
      return heard.work > 0 && heard.cancel > 0 && heard.due > 0;
    });
  await hearsAll();
  const admin = await on.connect();
  const { rowCount } = await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'incident-37'",
  );
  expect(rowCount).toBeGreaterThan(0);
  await eventually("nobody listens there any more", async () => !(await ear.waitFor(["x"])));
  Object.assign(heard, { work: 0, cancel: 0, due: 0 });
  await hearsAll();
});

test.concurrent("incident 38: a pool that closes its connections after a second leaves the listener alone", async (context) => {
  const on = toolsOf(context);
  const job = jobOf("incident-38");
  const pool = on.poolOf({ maxLifetimeSeconds: 1, idleTimeoutMillis: 200 });
  const client = await on.clientOn({ pool });
  await on.work(client, { handlers: [job.handler((n) => n)] });
  const admin = await on.connect();
  const listener = () =>
    eventually("the worker waits for hints", async () => {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted
           AND (classid::bigint << 32 | objid::bigint) = holdfast.idle_mark($1)`,
        [job.name],
      );
      return rows[0]?.pid;
    });
  const before = await listener();
  await sleep(2_200);
  expect(await listener()).toBe(before);
});

test.concurrent("incident 39: a listener that is refused again and again leaves no connection behind", async (context) => {
  const on = toolsOf(context);
  const proxy = await on.proxyOf("refuse");
  const storage = await on.storageOn(proxy.url);
  const ear = await storage.listen({ onWork() {}, onCancel() {} });
  await eventually("it has tried to listen five times", () => proxy.listened() >= 5);
  expect(proxy.open()).toBeLessThanOrEqual(1);
  await ear.stop();
  await eventually("it has given up", () => proxy.open() === 0);
});

test.concurrent("incident 44: calls that get no answer any more end after their timeout, and claims, settlements and rescues go on", async (context) => {
  const on = toolsOf(context);
  const job = jobOf("incident-44");
  const proxy = await on.proxyOf();
  const client = await on.clientOn({ pool: on.poolOf({ query_timeout: 500 }, proxy.url) });
  await on.work(client, { handlers: [job.handler((n) => n + 1)], poll: "100ms" });
  const other = await on.clientOn(url);
  const finished = async (id: JobId<number>) => other.handle(id).result({ timeout: "15s" });
  expect(await finished((await other.enqueue(job, 1)).id)).toBe(2);
  proxy.freeze();
  expect(await finished((await other.enqueue(job, 2)).id)).toBe(3);
});

test.concurrent("incident 47: a unique enqueue in a repeatable-read transaction that cannot see the holder is told of it, or to try again, and never half done", async (context) => {
  const on = toolsOf(context);
  const storage = await on.storageOn(url);
  const tx = await on.connect();
  await tx.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await tx.query("SELECT count(*) FROM holdfast.jobs");
  const unique = uniqueOn("incident-47");
  const holder = await enqueueOne(storage, { unique, queue: "incident-47" });
  const job = aJob({ unique, queue: "incident-47" });
  await expect(storage.insertJobs([job], tx)).rejects.toMatchObject({ code: "STORAGE_CONFLICT" });
  await tx.query("ROLLBACK");
  expect(await storage.insertJobs([job])).toEqual([{ id: holder, outcome: "existing" }]);
});
