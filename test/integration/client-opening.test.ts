import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, defineJob, HoldfastError } from "holdfast";
import { sqliteStorage } from "holdfast/sqlite";
import pg from "pg";
import { afterAll, describe, expect, inject, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-open-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = path.join(folder, "never.db");
const url = `sqlite:${file}`;
const greet = defineJob<{ name: string }>({ name: "greet" });

describe("what createClient refuses before it opens anything", () => {
  const pool = new pg.Pool();
  const storage = { insertJobs() {}, transact() {}, close() {} };
  const bad: [string, unknown, string][] = [
    ["nothing", undefined, "object of options"],
    ["a number", 7, "object of options"],
    ["null", null, "object of options"],
    ["no place", {}, "a url such as"],
    ["a place that is undefined", { url: undefined }, "a url such as"],
    ["a URL and a pool", { url, pool }, "url and pool"],
    ["a URL and a storage", { url, storage }, "url and storage"],
    ["a pool and a storage", { pool, storage }, "pool and storage"],
    ["all three", { url, pool, storage }, "url and pool and storage"],
    ["connections with a pool", { pool, connections: 3 }, "connections"],
    ["connections with a storage", { storage, connections: 3 }, "connections"],
    ["a schema with a storage", { storage, schema: "jobs" }, "schema"],
    ["a listen with a storage", { storage, listen: "postgres://h/x" }, "listen does nothing"],
    ["a wrong listen", { url, listen: true }, "listen must be"],
    ["maxHold with a storage", { storage, maxHold: "1s" }, "maxHold"],
    ["an unknown option", { url, conections: 3 }, "conections"],
    ["an empty URL", "", "sqlite:path"],
    ["a bare path", file, "sqlite::memory:"],
    ["an unknown scheme", "mysql://localhost/app", "postgres://"],
    ["a URL that is no text", { url: new URL("postgres://localhost") }, "url must be"],
    ["a pool that is none", { pool: {} }, "pool must be"],
    ["a pg client as pool", { pool: new pg.Client() }, "pool must be"],
    ["a storage that is none", { storage: {} }, "storage must be"],
    ["a wrong number of connections", { url, connections: 0 }, "connections must be"],
    ["a wrong migrate", { url, migrate: "yes" }, "migrate must be"],
    ["a wrong schema", { url, schema: "" }, "schema must be"],
    ["a wrong logger", { url, logger: { info() {} } }, "logger must be"],
    ["console as logger without warn", { url, logger: console.log }, "logger must be"],
    ["a wrong clock", { url, clock: Date }, "clock must be"],
    ["a wrong maxHold", { url, maxHold: "long" }, "maxHold"],
  ];

  test.each(bad)("%s", async (_what, given, says) => {
    await expect(createClient(given as never)).rejects.toThrow(coded("INVALID_OPTION", says));
    expect(existsSync(file)).toBe(false);
  });

  test("settings beside an object, and places among settings", async () => {
    const beside = createClient({ url } as never, {});
    await expect(beside).rejects.toThrow(coded("INVALID_OPTION", "one object with everything"));
    for (const setting of [{ url }, { pool }, { storage }, { logger: 7 }]) {
      await expect(createClient(url, setting as never)).rejects.toThrow(coded("INVALID_OPTION"));
    }
    await expect(createClient(url, null as never)).rejects.toThrow(coded("INVALID_OPTION"));
    expect(existsSync(file)).toBe(false);
  });

  test("no message repeats the URL's password", async () => {
    const secrets = ["mysql://u:hunter2@h/x", "postgres:u:hunter2@h", "hunter2@h"];
    const listening = [{ storage }, { url: "postgres://127.0.0.1:1/x" }].map((where) => ({
      ...where,
      listen: "mysql://u:hunter2@h/x",
    }));
    for (const secret of [...secrets, ...listening]) {
      const error: unknown = await createClient(secret as never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(HoldfastError);
      expect(String(error)).not.toContain("hunter2");
    }
  });
});

describeDatabases((databases) => {
  test("a URL is migrated unless told not to; a storage only when told to", async () => {
    const place = databases.place();
    const refused = createClient({ ...place, migrate: false, logger: silent });
    await expect(refused).rejects.toThrow(
      coded("SCHEMA_OUT_OF_DATE", 'run "npx holdfast migrate", or pass migrate: true'),
    );
    const client = databases.closing(await createClient({ ...place, logger: silent }));
    expect((await client.jobs.count()).available).toBe(0);
  });

  test("settings may follow the URL", async () => {
    const { url: where, ...settings } = databases.place();
    const client = databases.closing(await createClient(where, { ...settings, logger: silent }));
    expect((await client.enqueue(greet, { name: "x" })).outcome).toBe("enqueued");
  });

  test("when opening fails half way, what was opened is closed, and the first error is heard", async () => {
    const [, storage] = await databases.onStorage();
    const failing = {
      ...storage,
      serverTime: async () => Promise.reject(new HoldfastError("STORAGE_UNAVAILABLE", "away")),
    };
    await expect(createClient({ storage: failing, logger: silent })).rejects.toThrow(
      coded("STORAGE_UNAVAILABLE", "away"),
    );
    expect((await storage.countJobs({})).available, "a storage handed in stays open").toBe(0);
  });

  test("a clock given replaces the database's time and is never measured", async () => {
    const { url: where, ...settings } = databases.place();
    const clock = { now: () => 86_400_000, after: () => () => {} };
    const client = databases.closing(
      await createClient(where, { ...settings, clock, logger: silent }),
    );
    const { id } = await client.enqueue(greet, { name: "x" }, { delay: "1h" });
    const job = await client.jobs.get(id);
    expect(job).toMatchObject({ createdAt: 86_400_000, runAt: 90_000_000, state: "scheduled" });
  });

  if (databases.kind === "PostgreSQL") {
    test("a pool is lent, not closed, and migrated only when told to", async () => {
      const { url: connectionString, schema = "" } = databases.place();
      const pool = new pg.Pool({ connectionString, max: 3 });
      try {
        const refused = createClient({ pool, schema, logger: silent });
        await expect(refused).rejects.toThrow(coded("SCHEMA_OUT_OF_DATE"));
        const client = await createClient({ pool, schema, migrate: true, logger: silent });
        await client.transaction((tx) => client.enqueue(greet, { name: "x" }, { tx }));
        expect((await client.jobs.count()).available).toBe(1);
        await client.close();
        expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      } finally {
        await pool.end();
      }
    });

    // A pooler keeps its own.
    test.skipIf(inject("pooled") !== undefined)(
      "connections opened for a client that came to nothing are closed",
      async () => {
        const { url: where } = databases.place();
        const watcher = new pg.Client(where);
        await watcher.connect();
        databases.closing({ close: () => watcher.end() });
        // Those from before are of other tests, which keep them.
        const others = async () => {
          const found = await watcher.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'holdfast%'
               AND backend_start > (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())`,
          );
          return found.rows[0]?.n;
        };
        const refused = createClient(where, { schema: "nowhere", migrate: false, logger: silent });
        await expect(refused).rejects.toThrow(coded("SCHEMA_OUT_OF_DATE"));
        await expect.poll(others).toBe(0);
      },
    );

    test("a server that is not there is STORAGE_UNAVAILABLE, without its password", async () => {
      const nowhere = "postgres://u:hunter2@127.0.0.1:1/app";
      const error: unknown = await createClient(nowhere, { logger: silent }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toEqual(coded("STORAGE_UNAVAILABLE"));
      expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
    });

    test("connections limits the application's transactions", async () => {
      const { url: where, schema = "" } = databases.place();
      const client = databases.closing(
        await createClient(where, { schema, connections: 2, logger: silent }),
      );
      let open = 0;
      let most = 0;
      const hold = () =>
        client.transaction(async () => {
          most = Math.max(most, ++open);
          // A busy machine takes its time to open the second connection.
          for (let look = 0; look < 100 && (look === 0 || most < 2); look++) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          open -= 1;
        });
      await Promise.all([hold(), hold(), hold(), hold(), hold()]);
      expect(most).toBe(2);
    });
  }
});

describe("a SQLite file", () => {
  test("that is no database is STORAGE_INVALID and left as it was", async () => {
    const text = path.join(folder, "notes.txt");
    writeFileSync(
      text,
      "not a database, and long enough for a header of one hundred bytes".repeat(9),
    );
    await expect(createClient(`sqlite:${text}`, { logger: silent })).rejects.toThrow(
      coded("STORAGE_INVALID"),
    );
  });

  test("in a folder that does not exist is STORAGE_UNAVAILABLE", async () => {
    const lost = `sqlite:${path.join(folder, "no", "such", "jobs.db")}`;
    await expect(createClient(lost, { logger: silent })).rejects.toThrow(
      coded("STORAGE_UNAVAILABLE"),
    );
  });

  test("works by relative path and in the form with slashes", async () => {
    const target = path.join(folder, "slashes.db");
    const storage = await sqliteStorage({ path: target });
    await storage.close();
    const relative = path.relative(process.cwd(), target);
    for (const form of [`sqlite://${target}`, `sqlite:${relative}`]) {
      const client = await createClient(form, { logger: silent });
      await client.enqueue(greet, { name: form });
      await client.close();
    }
    const client = await createClient(`sqlite:${target}`, { logger: silent });
    expect((await client.jobs.count()).available).toBe(2);
    await client.close();
  });
});
