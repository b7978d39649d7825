import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const project = cliProjects();

const config = (text: string) =>
  `import { defineConfig } from ${holdfastModule};\nexport default defineConfig(${text});\n`;
const jobs = `import { defineJob } from ${holdfastModule};\nexport const greet = defineJob({ name: "greet" });\n`;

describeSharedDatabases((databases) => {
  test("the configuration names the database and the jobs", async () => {
    const [client, , { listen, ...place }] = await databases.onStorage();
    await client.enqueue(defineJob({ name: "greet" }), 1);
    const { holdfast } = project({
      "holdfast.config.mjs": config(
        JSON.stringify({ ...place, jobs: ["jobs/*.mjs"], client: { listen } }),
      ),
      "jobs/greet.mjs": jobs,
    });
    expect(holdfast(["jobs", "check"])).toEqual({
      code: 0,
      err: "",
      out: "All 1 queued payloads would be run.\n",
    });
  });

  test("common options may stand before or after the command, and an error is JSON where JSON was asked for", () => {
    const { holdfast } = project();
    const args = argsOf(databases.place());
    expect(holdfast([...args, "--json", "migrate"]).code).toBe(0);
    const before = holdfast(["--json", ...args, "limits", "list"]);
    expect(before).toEqual({ code: 0, err: "", out: "[]\n" });
    expect(holdfast(["limits", "list", ...args, "--json"])).toEqual(before);
    const failed = holdfast(["limits", "set", "typo", "--rate", "1/1s", "--json", ...args]);
    expect(failed).toMatchObject({ code: 1, out: "" });
    expect(JSON.parse(failed.err)).toMatchObject({
      error: { code: "LIMIT_UNDECLARED", retryable: false, details: { scope: "typo" } },
    });
  });
});

test("what names the database: the option, HOLDFAST_URL, the configuration, DATABASE_URL", () => {
  const { folder, holdfast } = project({
    "config/holdfast.mjs": config('{ url: "sqlite:configured.db" }'),
    "holdfast.config.mjs": config('{ url: "sqlite:configured.db" }'),
    "nothing.mjs": "export default {};",
  });
  const made = (file: string, args: readonly string[], env: Readonly<Record<string, string>>) => {
    expect(holdfast(["migrate", ...args], env)).toMatchObject({ code: 0, err: "" });
    expect(existsSync(path.join(folder, file)), file).toBe(true);
  };
  const bad = "mysql://nowhere";
  made("option.db", ["--url", "sqlite:option.db"], { HOLDFAST_URL: bad, DATABASE_URL: bad });
  made("ours.db", [], { HOLDFAST_URL: "sqlite:ours.db", DATABASE_URL: bad });
  made("configured.db", [], { DATABASE_URL: bad });
  made("config/configured.db", ["--config", "config/holdfast.mjs"], {});
  made("common.db", ["--config", "nothing.mjs"], { DATABASE_URL: "sqlite:common.db" });
});

test("the configuration's telemetry is told what commands do", async () => {
  const telling = `{
    enqueue(jobs, store) {
      console.error("told of " + jobs.length);
      return store(jobs);
    },
    attempt() {},
    work: (_name, run) => run(),
  }`;
  const { holdfast, start } = project({
    "holdfast.config.mjs": config(`{ url: "sqlite:jobs.db", client: { telemetry: ${telling} } }`),
  });
  expect(holdfast(["migrate"])).toMatchObject({ code: 0, err: "" });
  const { code, err } = await start(["enqueue", "greet", "1"]).ended;
  expect(code).toBe(0);
  expect(err).toMatch(/^told of 1$/m);
});

test.each([
  [
    "holdfast.config.mjs",
    "throw new Error('at postgres://a:hunter2@b/c');",
    "could not be loaded: at postgres://a:***@b/c",
  ],
  ["holdfast.config.mjs", "export const url = 1;", "must export a configuration"],
  [
    "holdfast.config.mjs",
    "export default { urk: 1 };",
    'has no option "urk"; it has url, schema, jobs',
  ],
  ["holdfast.config.js", "export default { jobs: [7] };", "jobs must be a file or glob"],
  [
    "holdfast.config.mjs",
    'export default { url: "mysql://a:hunter2@b" };',
    "The storage URL must be",
  ],
])("a wrong %s is wrong usage: %s", (file, text, says) => {
  const { holdfast } = project({ [file]: text, "package.json": '{ "type": "module" }' });
  const { code, out, err } = holdfast(["migrate"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^holdfast: INVALID_OPTION: .*\n$/);
  expect(err).toContain(says);
  expect(err).not.toContain("hunter2");
});

test("a configuration that is named must be there", () => {
  const { code, err } = project().holdfast(["status", "--config", "gone.mjs"]);
  expect(code).toBe(2);
  expect(err).toContain("--config names a file that does not exist: gone.mjs");
});

test("a TypeScript configuration is loaded, or says what to do on a Node that cannot", () => {
  const { folder, holdfast } = project({
    "holdfast.config.ts": config('{ url: "sqlite:typed.db" as string }'),
    "package.json": '{ "type": "module" }',
  });
  const { code, err } = holdfast(["migrate"]);
  if (process.features.typescript) {
    expect(code).toBe(0);
    expect(existsSync(path.join(folder, "typed.db"))).toBe(true);
    return;
  }
  expect(code).toBe(2);
  expect(err).toContain("holdfast.config.ts could not be loaded");
  expect(err).toContain("npm i -D tsx");
});

test("help tells a newcomer what to do first", async () => {
  const { start, holdfast, folder } = project({
    "package.json": '{ "type": "module" }',
  });
  const { code, out } = holdfast(["--help"]);
  expect(code).toBe(0);
  const [, module = ""] = /write jobs\.mjs:\n(.*?)\n\n/s.exec(out) ?? [];
  writeFileSync(path.join(folder, "jobs.mjs"), module.replace('"holdfast"', holdfastModule));
  const steps = [...out.matchAll(/^ {2}npx holdfast (.*?) {2,}/gm)].map(([, words = ""]) =>
    words.replaceAll("'", "").split(" "),
  );
  expect(steps.map(([name]) => name)).toEqual(["migrate", "enqueue", "work", "status"]);
  const [migrate = [], enqueue = [], work = [], status = []] = steps;
  expect(holdfast(migrate)).toMatchObject({ code: 0 });
  expect(holdfast(enqueue)).toMatchObject({ code: 0 });
  const working = start(work);
  await working.said(/Welcome, Ada!/);
  expect(holdfast(status)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/welcome|default/) as unknown,
  });
  working.kill("SIGTERM");
  expect(await working.ended).toMatchObject({ code: 0 });
});
