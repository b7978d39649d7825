import { createClient } from "holdfast";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { silent } from "./client-databases.ts";
import { only } from "./doctor-bench.ts";

/** A server that keeps what it has promised, and one nobody should run. */
let server: PostgresServer;
let admin: pg.Client;
beforeAll(async () => {
  server = await startPostgres({
    durable: true,
    settings: { max_prepared_transactions: "2", wal_level: "logical" },
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

test("database-unreachable: a server that has gone away is found", async () => {
  const own = await startPostgres();
  const client = await createClient(own.url, { logger: silent });
  onTestFinished(() => client.close());
  await own.stop();
  const { healthy, findings } = await client.doctor();
  expect(healthy).toBe(false);
  expect(findings).toMatchObject([{ code: "database-unreachable" }]);
});
