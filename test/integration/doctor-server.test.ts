import { createClient, defineJob } from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { silent } from "./client-databases.ts";
import { only } from "./doctor-bench.ts";

/** A server that keeps what it has promised, and one nobody should run. */
let server: PostgresServer;
let admin: pg.Client;
beforeAll(async () => {
  server = await startPostgres({
    durable: true,
    settings: {
      max_prepared_transactions: "2",
      wal_level: "logical",
      // The smallest there is: half a megabyte.
      max_notify_queue_pages: "64",
    },
  });
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

async function doctor(url = server.url) {
  const client = await createClient(url, { logger: silent });
  onTestFinished(() => client.close());
  return client.doctor.bind(client);
}

/** Changes settings until the test is over. */
async function withSettings(settings: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(settings);
  onTestFinished(async () => {
    for (const name of names) await admin.query(`ALTER SYSTEM RESET ${name}`);
    await admin.query("SELECT pg_reload_conf()");
  });
  for (const name of names) await admin.query(`ALTER SYSTEM SET ${name} = ${settings[name]}`);
  await admin.query("SELECT pg_reload_conf()");
}

test("a server in order has no finding at all", async () => {
  expect(await (await doctor())()).toMatchObject({ healthy: true, findings: [] });
});

test("durability-off and vacuum-off: settings that lose jobs or keep dead rows are named", async () => {
  // Settings that come with the server's start are stronger than those of its file.
  await withSettings({ synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" });
  const ask = await doctor();
  await expect
    .poll(async () => (await ask()).findings.map(({ code }) => code))
    .toEqual(["durability-off", "vacuum-off"]);
  expect(only("durability-off", await ask())[0]?.detail).toContain(
    "full_page_writes = off, synchronous_commit = off",
  );
});

test("snapshot-old: a forgotten prepared transaction is named, with what ends it", async () => {
  const ask = await doctor();
  await admin.query("BEGIN");
  await admin.query("CREATE TABLE prepared_by_somebody (n integer)");
  await admin.query("PREPARE TRANSACTION 'it''s forgotten'");
  onTestFinished(async () => void (await admin.query("ROLLBACK PREPARED 'it''s forgotten'")));
  const found = only("snapshot-old", await ask({ snapshotAge: 1 }));
  expect(found.filter(({ detail }) => detail.includes("prepared"))).toMatchObject([
    {
      detail: expect.stringContaining(
        "The prepared transaction it's forgotten (user postgres)",
      ) as string,
      fix: "COMMIT PREPARED or ROLLBACK PREPARED 'it''s forgotten'.",
    },
  ]);
});

test("slot-inactive: a replication slot nobody reads is named", async () => {
  const ask = await doctor();
  await admin.query("SELECT pg_create_physical_replication_slot('standby_gone', true)");
  onTestFinished(
    async () => void (await admin.query("SELECT pg_drop_replication_slot('standby_gone')")),
  );
  expect(only("slot-inactive", await ask())).toMatchObject([
    {
      detail: expect.stringMatching(
        /^The replication slot standby_gone has no reader and keeps [\d.]+ MiB/,
      ) as string,
      fix: expect.stringContaining("pg_drop_replication_slot('standby_gone')") as string,
    },
  ]);
});

test("notify-queue-full and incident 35: while a listener's open transaction keeps the server's queue of notifications full, enqueues go on", async () => {
  const client = await createClient(server.url, { logger: silent });
  onTestFinished(() => client.close());
  const waiting = await postgresStorage({ url: server.url });
  onTestFinished(() => waiting.close());
  const ear = await waiting.listen({ onWork() {}, onCancel() {} });
  await eventually("somebody waits for jobs", () => ear.waitFor(["default"]));
  const stuck = new pg.Client(server.url);
  await stuck.connect();
  onTestFinished(() => stuck.end());
  await stuck.query("LISTEN anything");
  await stuck.query("BEGIN; SELECT 1");
  const fill = async () => {
    for (let sent = 0; sent < 200; sent++)
      await admin.query("SELECT pg_notify('anything', repeat('x', 7000))");
  };
  await expect(fill()).rejects.toThrow("too many notifications in the NOTIFY queue");

  const alike = await client.enqueue("one", 1);
  const mixed = await client.enqueueMany([
    defineJob<number>({ name: "soon" }).request(2, { delay: "1s" }),
    defineJob<number>({ name: "now" }).request(3),
  ]);
  const unique = await client.enqueue("own", 4, { unique: { key: "k" } });
  await admin.query("BEGIN");
  const inside = await client.enqueue("inside", 5, { tx: admin });
  await admin.query("COMMIT");
  const ids = [alike, ...mixed, unique, inside].map(({ id }) => id);
  const found = await Promise.all(ids.map((id) => client.jobs.get(id)));
  expect(found.map((job) => job?.payload)).toEqual([1, 2, 3, 4, 5]);
  expect(only("notify-queue-full", await client.doctor())).toMatchObject([
    { level: "warning", detail: expect.stringMatching(/^It is (9\d|100) % full/) as string },
  ]);
  await stuck.query("ROLLBACK");
});

test("database-unreachable: a server that has gone away is found", async () => {
  const own = await startPostgres();
  const client = await createClient(own.url, { logger: silent });
  onTestFinished(() => client.close());
  await own.stop();
  const { healthy, findings } = await client.doctor();
  expect(healthy).toBe(false);
  expect(findings).toMatchObject([{ code: "database-unreachable" }]);
});
