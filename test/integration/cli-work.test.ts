import { writeFileSync } from "node:fs";
import path from "node:path";
import { createClient, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { argsOf, configOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases, silent } from "./client-databases.ts";

const project = cliProjects();

const modules = {
  "jobs/greet.mjs": `
import { existsSync } from "node:fs";
import { defineJob } from ${holdfastModule};
export const greet = defineJob({ name: "greet", queue: "polite" });
export const greeting = greet.handler((name, job) => \`Hello, \${name} of \${job.services ?? "nowhere"}\`);
export const hold = defineJob({ name: "hold" });
export default [hold.handler(async ({ until }, job) => {
  console.log("holding");
  while (!existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 10));
  return job.signal.aborted;
})];
`,
  "jobs/sum.mjs": `
import { defineJob } from ${holdfastModule};
import { greeting } from "./greet.mjs";
export const again = greeting;
export const sum = defineJob({ name: "sum" }).batchHandler({ size: 10 }, (batch) =>
  batch.items.map((item) => item.complete(item.payload.reduce((a, b) => a + b, 0))));
`,
};
const greet = defineJob<string, string>({ name: "greet", queue: "polite" });
const sum = defineJob<number[], number>({ name: "sum" });
const hold = defineJob<{ until: string }, boolean>({ name: "hold" });
const wait = { timeout: "20s" } as const;
const ready = /^worker \d+ runs .*\n/;

describeSharedDatabases((databases) => {
  test("work registers every exported handler, and SIGTERM lets running jobs finish: exit code 0", async () => {
    const place = databases.place();
    const { folder, start } = project(modules);
    const working = start(["work", "jobs/*.mjs", ...argsOf(place)]);
    // The schema was not there before.
    expect(await working.said(ready)).toMatch(/^worker \d+ runs greet, hold, sum of \S/);
    const client = databases.closing(
      await createClient({ ...place, logger: silent, migrate: false }),
    );
    const [hello, total] = [
      await client.enqueue(greet, "Ada"),
      await client.enqueue(sum, [1, 2, 3]),
    ];
    expect(await client.handle(hello.id).result(wait)).toBe("Hello, Ada of nowhere");
    expect(await client.handle(total.id).result(wait)).toBe(6);

    const until = path.join(folder, "enough");
    const held = await client.enqueue(hold, { until });
    await working.said(/holding/);
    working.kill("SIGTERM");
    const late = await eventually("nothing new is claimed", async () => {
      const { id } = await client.enqueue(greet, "late");
      await new Promise((resolve) => setTimeout(resolve, 50));
      return (await client.handle(id).get())?.state === "available" && id;
    });
    writeFileSync(until, "");
    expect(await working.ended).toMatchObject({ code: 0, signal: null });
    expect(await client.handle(held.id).get()).toMatchObject({ state: "completed", result: false });
    expect(await client.handle(late).get()).toMatchObject({ state: "available" });
    expect(await client.workers.list()).toEqual([]);
  });

  test("work takes modules, services, queues and places from the configuration, its options over that, and ends when it is told to drain", async () => {
    const [client, , place] = await databases.onStorage();
    const config = {
      ...configOf(place),
      jobs: ["jobs/greet.mjs"],
      worker: { services: "the configuration", queues: { polite: {} }, concurrency: 3 },
    };
    const { start } = project({
      ...modules,
      "holdfast.config.mjs": `export default ${JSON.stringify(config)};`,
    });
    const configured = start(["work", "--json"]);
    const { worker } = JSON.parse(await configured.said(/\n/)) as { readonly worker: string };
    const { id } = await client.enqueue(greet, "Ada");
    expect(await client.handle(id).result(wait)).toBe("Hello, Ada of the configuration");
    expect(await client.workers.list()).toMatchObject([
      { id: worker, pid: configured.pid, queues: ["polite"], handlers: ["hold", "greet"] },
    ]);
    const other = start(["work"], { HOLDFAST_QUEUES: "polite=7, default" });
    await other.said(ready);
    const queuesOf = async () =>
      (await client.workers.list()).map(({ queues }) => [...queues].sort());
    expect(await queuesOf()).toEqual([["polite"], ["default", "polite"]]);
    other.kill("SIGINT");
    expect(await other.ended).toMatchObject({ code: 0 });
    await client.workers.drain(worker, { by: "ops" });
    expect(await configured.ended).toMatchObject({
      code: 0,
      err: expect.stringContaining("drained by ops") as unknown,
    });
  });

  test("work asked to end a second time ends at once, and its job is rescued", async () => {
    const [client, , place] = await databases.onStorage();
    const { folder, start } = project(modules);
    const working = start(["work", "jobs/greet.mjs", ...argsOf(place)]);
    await working.said(ready);
    const { id } = await client.enqueue(hold, { until: path.join(folder, "never") });
    await working.said(/holding/);
    const again = setInterval(() => working.kill("SIGTERM"), 100);
    expect(await working.ended).toMatchObject({ code: null, signal: "SIGTERM" });
    clearInterval(again);
    expect(await client.handle(id).get()).toMatchObject({ state: "running" });
  });

  test("work --no-migrate refuses a schema that is out of date, and changes nothing", () => {
    const { holdfast } = project(modules);
    const args = argsOf(databases.place());
    const { code, out, err } = holdfast(["work", "jobs/*.mjs", "--no-migrate", ...args]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/SCHEMA_OUT_OF_DATE|There is no SQLite file/);
  });
});

const definitionsOnly = `import { defineJob } from ${holdfastModule};\nexport const a = defineJob({ name: "a" });`;

test.each([
  [[], "Name a module that exports handlers, or jobs in holdfast.config.ts"],
  [["none/*.mjs"], "none/*.mjs could not be loaded: there is no such file"],
  [["only.mjs"], "No handler is exported"],
  [["jobs/*.mjs", "twin.mjs"], 'twin.mjs exports two handlers called "sum"'],
  [["jobs/*.mjs", "--queues", "a=b"], '--queues must be a list such as "emails-*=20,default"'],
  [["jobs/*.mjs", "--concurrency", "0"], "concurrency must be a whole number of at least 1"],
  [["jobs/*.mjs", "--drain", "soon"], "drain must be a duration"],
])("work %j is wrong usage", (args, says) => {
  const { holdfast } = project({
    ...modules,
    "only.mjs": definitionsOnly,
    "twin.mjs": `import { defineJob } from ${holdfastModule};\nexport const b = defineJob({ name: "sum" }).handler(() => 1);`,
  });
  const { code, out, err } = holdfast(["work", ...args, "--url", "sqlite::memory:"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(says);
});
