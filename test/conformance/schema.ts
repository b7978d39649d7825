import { expect } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import type { Migration } from "../../src/storage/contract/schema.ts";
import type { Place } from "./harness.ts";
import { aJob, enqueueOne } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const idsOf = (migrations: readonly Migration[]) => migrations.map(({ id }) => id);

/** Writes down that a migration of the future was applied, which code older than `minCode` may not run on. */
async function applyFuture({ script, storage, table }: Place, minCode: (latest: number) => number) {
  const { latest } = await storage.schemaStatus();
  await script(`
    INSERT INTO ${table("migration")} (id, name, checksum, applied_at, min_code)
    VALUES (${latest + 1}, 'future', 'f', 0, ${minCode(latest)});
  `);
  return latest;
}

/** What is in the schema of a table, by name, and the schema when it is empty; on SQLite what is in the file. */
function namesOf(kind: Storage["kind"], table: string): string {
  if (kind === "sqlite") {
    return "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND type <> 'index' ORDER BY name";
  }
  const space = `(SELECT oid FROM pg_namespace WHERE nspname = '${table.split(".")[0]}')`;
  return `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'S', 'c') AND relnamespace = ${space}
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = ${space}
    UNION ALL SELECT nspname FROM pg_namespace WHERE oid = ${space}
      AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = ${space})`;
}

export const schemaLaws: Chapter = (law) => {
  law(
    "an empty database has everything pending, in order and without gaps",
    async ({ storage }) => {
      const { current, latest, pending } = await storage.schemaStatus();
      expect(current).toBe(0);
      expect(latest).toBeGreaterThan(0);
      expect(idsOf(pending)).toEqual(Array.from({ length: latest }, (_, index) => index + 1));
      for (const { checksum, name } of pending) {
        expect(checksum).toMatch(/^[0-9a-f]{64}$/);
        expect(name).not.toBe("");
      }
    },
    "empty",
  );

  law(
    "planning a migration changes nothing",
    async ({ storage, connect }) => {
      const before = await storage.schemaStatus();
      expect(await (await connect()).schemaStatus()).toEqual(before);
      await expect(storage.insertJobs([aJob()])).rejects.toMatchObject({
        code: "SCHEMA_OUT_OF_DATE",
      });
    },
    "empty",
  );

  law(
    "migrate applies all that is pending and says which",
    async ({ storage }) => {
      const { pending, latest } = await storage.schemaStatus();
      expect(await storage.migrate()).toEqual(pending);
      expect(await storage.schemaStatus()).toEqual({ current: latest, latest, pending: [] });
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    },
    "empty",
  );

  law("migrate on a current schema applies nothing and keeps the jobs", async ({ storage }) => {
    const id = await enqueueOne(storage);
    expect(await storage.migrate()).toEqual([]);
    expect(await storage.getJob(id)).toMatchObject({ id, state: "available" });
  });

  law(
    "dropping leaves nothing of ours and everything else, and may be done again",
    async ({ storage, script, table, application }) => {
      await storage.migrate();
      await enqueueOne(storage);
      await script(`CREATE TABLE ${table("theirs")} (id integer PRIMARY KEY);`);
      await storage.dropSchema();
      await storage.dropSchema();
      expect(await storage.schemaStatus()).toMatchObject({ current: 0 });
      const mine = await application();
      const everything = namesOf(storage.kind, table("theirs"));
      expect(await mine.query(everything)).toEqual([{ name: table("theirs").split(".").at(-1) }]);
      await storage.migrate();
      expect(await storage.countJobs({})).toMatchObject({ available: 0 });
      await script(`DROP TABLE ${table("theirs")};`);
      await storage.dropSchema();
      expect(await mine.query(everything)).toEqual([]);
    },
    "empty",
  );

  law(
    "dropping refuses what newer code has built on",
    async (place) => {
      const { storage } = place;
      await storage.migrate();
      await applyFuture(place, (latest) => latest);
      await expect(storage.dropSchema()).rejects.toMatchObject({ code: "SCHEMA_TOO_NEW" });
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    },
    "empty",
  );

  law(
    "of eight migrations at once exactly one applies each step and none fails",
    async ({ storage, connect }) => {
      const { pending } = await storage.schemaStatus();
      const others = await Promise.all([connect(), connect(), connect()]);
      const all = [storage, ...others];
      const applied = await Promise.all([...all, ...all].map((each) => each.migrate()));
      expect(applied.flatMap(idsOf).toSorted((a, b) => a - b)).toEqual(idsOf(pending));
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    },
    "empty",
  );

  law(
    "the steps applied by the application's own tool count as applied",
    async ({ storage, script }) => {
      const { pending, latest } = await storage.schemaStatus();
      for (const { sql } of pending) await script(sql);
      expect(await storage.schemaStatus()).toEqual({ current: latest, latest, pending: [] });
      expect(await storage.migrate()).toEqual([]);
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    },
    "empty",
  );

  law("a step applied with another content is SCHEMA_CHANGED", async (place) => {
    const { storage, script, table } = place;
    await script(`UPDATE ${table("migration")} SET checksum = 'other' WHERE id = 1;`);
    const refusal = { name: "HoldfastError", code: "SCHEMA_CHANGED", details: { id: 1 } };
    await expect(storage.schemaStatus()).rejects.toMatchObject(refusal);
    await expect(storage.migrate()).rejects.toMatchObject(refusal);
  });

  law("a newer schema that refuses this code is SCHEMA_TOO_NEW", async (place) => {
    await applyFuture(place, (latest) => latest + 1);
    const refusal = { name: "HoldfastError", code: "SCHEMA_TOO_NEW" };
    await expect(place.storage.schemaStatus()).rejects.toMatchObject(refusal);
    await expect(place.storage.migrate()).rejects.toMatchObject(refusal);
  });

  law("a newer schema that allows this code is used as it is", async (place) => {
    const { storage } = place;
    const latest = await applyFuture(place, (newest) => newest);
    expect(await storage.schemaStatus()).toEqual({ current: latest + 1, latest, pending: [] });
    expect(await storage.migrate()).toEqual([]);
    await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
  });

  law(
    "a migration that fails leaves nothing behind and can be repeated",
    async ({ storage, script, table }) => {
      const { pending } = await storage.schemaStatus();
      const [first] = pending;
      // The view is made last: a table in its place makes the step fail after most of its work.
      await script(`${schemaOf(first?.sql ?? "")} CREATE TABLE ${table("jobs")} (id integer);`);
      await expect(storage.migrate()).rejects.toMatchObject({ name: "HoldfastError" });
      await script(`DROP TABLE ${table("jobs")};`);
      expect(idsOf(await storage.migrate())).toEqual(idsOf(pending));
    },
    "empty",
  );

  law(
    "a storage without its schema says SCHEMA_OUT_OF_DATE to every role",
    async ({ storage }) => {
      const calls = [
        storage.getJob("1"),
        storage.listWorkers(),
        storage.promoteJobs(1, 0),
        storage.pauseQueue("default", true),
        storage.checkLeases([{ id: "1", owner: "1", run: 1 }]),
      ];
      for (const call of await Promise.allSettled(calls)) {
        expect(call).toMatchObject({ reason: { code: "SCHEMA_OUT_OF_DATE" } });
      }
    },
    "empty",
  );

  law("the jobs view shows a job to SQL, with its state", async ({ storage, script, table }) => {
    const id = await enqueueOne(storage);
    await script(`
      CREATE TABLE ${table("seen")} (id bigint, state text);
      INSERT INTO ${table("seen")} SELECT id, state FROM ${table("jobs")};
    `);
    const { rows } = await storage.transact((tx) =>
      tx.query(`SELECT state FROM ${table("seen")} WHERE id = ${id}`),
    );
    expect(rows).toEqual([{ state: "available" }]);
  });
};

/** PostgreSQL's first step makes the schema, which a table in it needs beforehand. */
function schemaOf(sql: string): string {
  return /CREATE SCHEMA[^;]*;/i.exec(sql)?.[0] ?? "";
}
