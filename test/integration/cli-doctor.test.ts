import { expect, test } from "vitest";
import type { Diagnosis } from "holdfast";
import { hire } from "../conformance/jobs.ts";
import { cliProjects } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";
import { openPractice, queueJobs } from "./doctor-bench.ts";

const project = cliProjects();

describeSharedDatabases((databases) => {
  const postgres = databases.kind === "PostgreSQL";

  test("doctor says of each check that it is well, of a finding what to do, and ends by how bad it is", async () => {
    const { holdfast } = project();
    const { storage, place, run, table } = await openPractice(databases);
    const args = ["doctor", ...argsOf(place)];
    const well = holdfast(args);
    expect(well).toMatchObject({ code: 0, err: "" });
    expect(well.out).toMatch(/^ok {7}connection$/m);
    expect(well.out).toMatch(postgres ? /^ok {7}snapshots$/m : /^ok {7}file$/m);

    await queueJobs(storage, { queue: "emails" });
    await hire(storage);
    const warned = holdfast([...args, "--strict"]);
    expect(warned).toMatchObject({ code: 1, err: "" });
    expect(warned.out).toContain("warning  queue-unserved: No worker serves a queue");
    expect(warned.out).toContain(
      '         1 job waits in "emails", and no worker takes jobs of it.',
    );
    expect(warned.out).toContain("         Start a worker with a handler of that queue");
    expect(warned.out).toMatch(/^0 errors, \d warnings?\.$/m);
    expect(holdfast(args).code).toBe(0);

    await run(`DROP INDEX ${table("later_due")}`);
    const ill = holdfast([...args, "--json"]);
    expect(ill).toMatchObject({ code: 1, err: "" });
    const { healthy, findings } = JSON.parse(ill.out) as Diagnosis;
    expect(healthy).toBe(false);
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["schema-incomplete", "queue-unserved"]),
    );
    expect(holdfast(args).out).toContain("error    schema-incomplete: Parts of the schema");
  });

  test("doctor tells of a database without a schema, and of one that cannot be opened, without its password", () => {
    const { holdfast, folder } = project();
    const place = databases.place();
    if (!postgres) holdfast(["migrate", ...argsOf(place)]);
    const empty = postgres ? holdfast(["doctor", ...argsOf(place)]) : undefined;
    if (empty !== undefined) {
      expect(empty).toMatchObject({ code: 1, err: "" });
      expect(empty.out).toContain("error    schema-out-of-date");
      expect(empty.out).toContain('Run "npx holdfast migrate"');
    }
    const nowhere = postgres
      ? "postgres://ada:s3cret@127.0.0.1:1/nowhere"
      : `sqlite:${folder}/not/there.db`;
    const gone = holdfast(["doctor", "--url", nowhere]);
    expect(gone).toMatchObject({ code: 1, err: "" });
    expect(gone.out).toContain("error    database-unreachable: The database cannot be reached");
    expect(gone.out).not.toContain("s3cret");
    const json = holdfast(["doctor", "--url", nowhere, "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ healthy: false, checked: ["connection"] });
  });

  test("doctor that is asked wrongly looks at nothing and ends with 2", () => {
    const { holdfast } = project();
    const args = argsOf(databases.place());
    expect(holdfast(["doctor"])).toMatchObject({ code: 2, out: "" });
    expect(holdfast(["doctor", "now", ...args])).toMatchObject({ code: 2, out: "" });
    expect(holdfast(["doctor", "--loud", ...args])).toMatchObject({ code: 2, out: "" });
    expect(holdfast(["doctor", "--url", "mysql://x/y"])).toMatchObject({ code: 2, out: "" });
  });
});
