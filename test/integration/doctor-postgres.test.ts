import { randomBytes } from "node:crypto";
import { createClient } from "holdfast";
import { migrations, postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { objectsMadeBy } from "../../src/storage/shared/schema-objects.ts";
import { eventually } from "../conformance/eventually.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import { openTransactionPooler } from "../support/transaction-pooler.ts";
import { silent } from "./client-databases.ts";
import { only } from "./doctor-bench.ts";

/** A client of its own on a database, closed after the test. */
async function clientOn(url: string, migrate = false) {
  const client = await createClient(url, { logger: silent, migrate });
  onTestFinished(() => client.close());
  return client;
}

describe("of a database of its own", () => {
  let database: FreshDatabase | undefined;
  let admin: pg.Client;
  let url = "";
  beforeAll(async () => {
    database = await freshDatabase(inject("databaseUrl"));
    url = database.url;
    admin = new pg.Client(url);
    await admin.connect();
    await (await createClient(url, { logger: silent })).close();
  });
  afterAll(async () => {
    await admin.end();
    await database?.drop();
  });

  const databaseName = () => new URL(url).pathname.slice(1);

  /** A user who may do what is granted, with the URL that leads there. */
  async function user(...grants: readonly string[]): Promise<{ name: string; url: string }> {
    const name = `doctor_${randomBytes(4).toString("hex")}`;
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' CONNECTION LIMIT 20`);
    onTestFinished(async () => {
      await admin.query(`DROP OWNED BY ${name}`);
      await admin.query(`DROP ROLE ${name}`);
    });
    for (const grant of grants) await admin.query(`GRANT ${grant} TO ${name}`);
    const way = new URL(url);
    way.username = name;
    way.password = "secret";
    return { name, url: way.href };
  }

  const everything = [
    "USAGE ON SCHEMA holdfast",
    "SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA holdfast",
    "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA holdfast",
  ];

  test("what the steps are said to make is exactly what a database has", async () => {
    const { rows } = await admin.query<{ object: string }>(`
      SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'S' THEN 'sequence ' WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' ELSE 'table ' END
        || relname AS object FROM pg_class c WHERE relnamespace = 'holdfast'::regnamespace AND relkind IN ('r', 'p', 'v', 'S', 'i', 'I')
        AND NOT (relispartition AND relkind = 'i') AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND relkind = 'S')
      UNION SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'holdfast'::regnamespace
      UNION SELECT 'type ' || relname FROM pg_class WHERE relnamespace = 'holdfast'::regnamespace AND relkind = 'c'
      UNION SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE relnamespace = 'holdfast'::regnamespace AND NOT tgisinternal`);
    expect(rows.map(({ object }) => object).toSorted()).toEqual(objectsMadeBy(migrations));
  });

  test("schema-incomplete: an index that is not valid and a trigger that is off are as good as missing", async () => {
    const client = await clientOn(url);
    const setValid = (valid: boolean) =>
      admin.query(
        `UPDATE pg_index SET indisvalid = ${valid} WHERE indexrelid = 'holdfast.later_due'::regclass`,
      );
    await setValid(false);
    await admin.query("ALTER TABLE holdfast.hint DISABLE TRIGGER announce");
    const [incomplete] = only("schema-incomplete", await client.doctor());
    await setValid(true);
    await admin.query("ALTER TABLE holdfast.hint ENABLE TRIGGER announce");
    expect(incomplete?.detail).toContain("no valid index later_due, trigger announce.");
    expect(only("schema-incomplete", await client.doctor())).toEqual([]);
  });

  test("an ordinary user with all it needs is told of nothing, and lacks nothing", async () => {
    const { url: way } = await user(...everything);
    const client = await clientOn(way);
    const { findings } = await client.doctor();
    expect(findings.filter(({ check }) => check === "permissions")).toEqual([]);
    const { id } = await client.enqueue("any", 1, { delay: "1h" });
    const bulk = { action: "delete", filter: { ids: [id] } } as const;
    const operation = await client.operations.start(bulk);
    expect(await client.operations.wait(operation.id, { timeout: "30s" })).toMatchObject({
      done: 1,
    });
    const storage = await postgresStorage({ url: way });
    await storage.exportRecords(() => {});
    await storage.close();
  });

  test("permission-missing: each right this user lacks is named", async () => {
    const { name, url: way } = await user(...everything);
    await admin.query(`REVOKE DELETE ON holdfast.later FROM ${name}`);
    await admin.query(`REVOKE USAGE ON SEQUENCE holdfast.job_seq FROM ${name}`);
    await admin.query(`REVOKE SELECT ON SEQUENCE holdfast.job_id FROM ${name}`);
    await admin.query("REVOKE EXECUTE ON FUNCTION holdfast.slot FROM public");
    const [missing] = only("permission-missing", await (await clientOn(way)).doctor());
    await admin.query("GRANT EXECUTE ON FUNCTION holdfast.slot TO public");
    expect(missing).toMatchObject({
      level: "error",
      detail: `${name} lacks DELETE on later, EXECUTE on slot, SELECT on job_id, USAGE on job_seq.`,
      fix: expect.stringContaining("USAGE and SELECT on its sequences") as string,
    });
  });

  test("wakeups-dead: a client told not to listen says that, and nothing of pools", async () => {
    const client = await createClient(url, { logger: silent, listen: false });
    onTestFinished(() => client.close());
    expect(only("wakeups-dead", await client.doctor())).toMatchObject([
      { detail: expect.stringContaining("LISTEN is switched off (listen: false).") as string },
    ]);
  });

  test("truncate-forbidden: a user who may not truncate the ring is told what that costs", async () => {
    const { name, url: way } = await user(...everything);
    await admin.query(`REVOKE TRUNCATE ON holdfast.live_2 FROM ${name}`);
    expect(only("truncate-forbidden", await (await clientOn(way)).doctor())).toMatchObject([
      { level: "warning", fix: expect.stringContaining(name) as string },
    ]);
  });

  test("migrate-forbidden: a user who may not create what is pending is told so", async () => {
    const client = await clientOn((await user(...everything)).url);
    expect(only("migrate-forbidden", await client.doctor())).toEqual([]);
    await admin.query("BEGIN");
    const { rows } = await admin.query("DELETE FROM holdfast.migration WHERE id > 7 RETURNING *");
    await admin.query("COMMIT");
    const diagnosis = await client.doctor();
    for (const row of rows) {
      await admin.query(
        `INSERT INTO holdfast.migration SELECT * FROM json_populate_record(NULL::holdfast.migration, $1)`,
        [JSON.stringify(row)],
      );
    }
    expect(only("migrate-forbidden", diagnosis)).toHaveLength(1);
    expect(only("schema-out-of-date", diagnosis)).toHaveLength(1);
  });

  test("database-read-only: a server that takes no writes is found", async () => {
    const client = await clientOn(
      `${url}?options=${encodeURIComponent("-c default_transaction_read_only=on")}`,
    );
    const { healthy, findings } = await client.doctor();
    expect(healthy).toBe(false);
    expect(findings[0]).toMatchObject({ code: "database-read-only", level: "error" });
  });

  test("database-unusable: what a server refuses is told in its own words", async () => {
    const other = await freshDatabase(inject("databaseUrl"));
    onTestFinished(() => other.drop());
    const client = await clientOn(other.url, true);
    await other.drop();
    const { findings } = await client.doctor();
    expect(findings).toMatchObject([
      { code: "database-unusable", detail: expect.stringContaining("does not exist") as string },
    ]);
  });

  test("connections-scarce and connections-overbooked: what is used, and what workers may use, is held against each limit", async () => {
    const client = await clientOn(url);
    const name = databaseName();
    expect(only("connections-scarce", await client.doctor())).toEqual([]);
    onTestFinished(() => admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`).then(() => {}));
    await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT 2`);
    expect(only("connections-scarce", await client.doctor())).toMatchObject([
      {
        detail: expect.stringMatching(
          `of the 2 connections that the database ${name} allows`,
        ) as string,
      },
    ]);
    await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT 20`);
    const worker = `INSERT INTO holdfast.worker (host, pid, boot_id, lease_ms, queues, handlers, started_at, beat)
      VALUES ('host', $1, 'b', 30000, '[]', '[]', 0, now()::text)`;
    await admin.query(worker, [1]);
    expect(only("connections-overbooked", await client.doctor())).toEqual([]);
    await admin.query(worker, [2]);
    expect(only("connections-overbooked", await client.doctor())).toMatchObject([
      {
        detail: expect.stringMatching(
          "2 processes with workers may open 16 connections each, 32 in all",
        ) as string,
      },
    ]);
    await admin.query("DELETE FROM holdfast.worker");
  });

  test("snapshot-old: who keeps an old transaction open is named, with what to do", async () => {
    const client = await clientOn(url);
    const pinned = new pg.Client({ connectionString: url, application_name: "forgotten report" });
    await pinned.connect();
    onTestFinished(() => pinned.end());
    const { rows } = await pinned.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const named = (options?: object) =>
      client
        .doctor(options)
        .then((diagnosis) =>
          only("snapshot-old", diagnosis).filter(({ detail }) =>
            detail.includes("forgotten report"),
          ),
        );
    expect(await named({ snapshotAge: 0 })).toEqual([]);
    await pinned.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await pinned.query("SELECT 1");
    expect(await named({ snapshotAge: 1 })).toMatchObject([
      {
        detail: expect.stringMatching(
          `^The session ${rows[0]?.pid} \\(forgotten report, user \\w+, idle in transaction\\)`,
        ) as string,
        fix: expect.stringContaining(`pg_terminate_backend(${rows[0]?.pid})`) as string,
      },
    ]);
    expect(await named()).toEqual([]);
  });

  test("live-bloated: dead rows of the live jobs are found", async () => {
    const client = await clientOn(url);
    expect(only("live-bloated", await client.doctor({ deadRows: 100 }))).toEqual([]);
    const busy = new pg.Client(url);
    await busy.connect();
    await busy.query("BEGIN");
    await busy.query(`INSERT INTO holdfast.live_1 (id, seq, created_at, run_at, version, priority, name, queue, payload, slot)
      SELECT -n, n, 0, 0, 1, 5, 'work', 'default', '{}', 1 FROM generate_series(1, 200) AS n`);
    await busy.query("COMMIT");
    await busy.query("DELETE FROM holdfast.live_1 WHERE id < 0");
    // What a connection did is counted when it ends, at the latest.
    await busy.end();
    await eventually("the dead rows are counted", async () => {
      const [bloated] = only("live-bloated", await client.doctor({ deadRows: 100 }));
      return bloated !== undefined && /0 jobs, 200 dead rows/.test(bloated.detail);
    });
  });

  test("wakeups-dead: behind a transaction pooler the doctor says why wakeups do not arrive", async () => {
    const pooler = await openTransactionPooler(url);
    onTestFinished(() => pooler.close());
    expect(only("wakeups-dead", await (await clientOn(pooler.url)).doctor())).toMatchObject([
      { level: "warning", detail: expect.stringContaining("leads through a pooler") as string },
    ]);
  });
});
