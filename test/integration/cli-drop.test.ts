import { createClient, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { hire } from "../conformance/jobs.ts";
import { cliProjects } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { runSql } from "../support/run-sql.ts";
import { describeSharedDatabases, silent } from "./client-databases.ts";

const project = cliProjects();
const work = defineJob({ name: "work" });

describeSharedDatabases((databases) => {
  test("drop without --force says what would be lost and removes nothing; with it everything goes", async () => {
    const place = databases.place();
    const { holdfast } = project();
    const args = argsOf(place);
    const client = databases.closing(await createClient({ ...place, logger: silent }));
    await client.enqueueMany(work, [1, 2]);

    const asked = holdfast(["drop", ...args]);
    expect(asked).toMatchObject({ code: 2, out: "" });
    expect(asked.err).toMatch(
      /Nothing was removed. This would remove 2 jobs, 2 of them not finished, from (sqlite|postgres):/,
    );
    expect(await client.jobs.count()).toMatchObject({ available: 2 });

    const dropped = holdfast(["drop", "--force", "--json", ...args]);
    expect(dropped).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(dropped.out)).toMatchObject({
      removed: { jobs: 2, unfinished: 2, workers: 0 },
    });
    await expect(client.jobs.count()).rejects.toMatchObject({ code: "SCHEMA_OUT_OF_DATE" });
    expect(holdfast(["drop", "--force", ...args])).toMatchObject({ code: 0, err: "" });
  });

  /** A database nobody else uses afterwards, with two jobs. */
  async function own() {
    const place = databases.place();
    const client = databases.closing(await createClient({ ...place, logger: silent }));
    await client.enqueueMany(work, [1, 2]);
    const drop = (...options: readonly string[]) =>
      project().holdfast(["drop", ...options, ...argsOf(place)]);
    return { sql: (text: string) => runSql(place, text), drop };
  }

  test("drop counts on an older schema too, and says when it cannot", async () => {
    const { sql, drop } = await own();
    await sql("DELETE FROM holdfast.migration WHERE id > 4");
    expect(drop().err).toContain("would remove 2 jobs, 2 of them not finished");
    await sql("ALTER TABLE holdfast.later RENAME TO gone");
    expect(drop().err).toContain(
      "would remove an unknown number of jobs (the schema is out of date",
    );
  });

  if (databases.kind === "PostgreSQL") {
    test("drop --force names what of the application's depends on the tables", async () => {
      const { sql, drop } = await own();
      await sql("CREATE VIEW mine AS SELECT id FROM holdfast.jobs");
      const { code, err } = drop("--force");
      await sql("DROP VIEW mine");
      expect(code).toBe(1);
      expect(err).toContain("view mine depends on");
      expect(err).toContain("Drop it first.");
    });
  }

  test("drop names the workers that are registered", async () => {
    const [client, storage, place] = await databases.onStorage();
    await client.enqueue(work, 1);
    await hire(storage);
    const { holdfast } = project();
    const { code, err } = holdfast(["drop", ...argsOf(place)]);
    expect(code).toBe(2);
    expect(err).toContain("Stop the workers (registered: 1)");
    expect(await client.jobs.count()).toMatchObject({ available: 1 });
  });
});

test("drop of a SQLite file that is not there makes none", () => {
  const { holdfast } = project();
  const { code, err } = holdfast(["drop", "--force", "--url", "sqlite:none.db"]);
  expect(code).toBe(1);
  expect(err).toContain("There is no SQLite file");
});
