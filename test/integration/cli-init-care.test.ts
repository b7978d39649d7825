import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { linkPackages } from "../support/linked-packages.ts";
import { mainFile, runHoldfast } from "../support/run-holdfast.ts";

const project = cliProjects();

function withPackages(files: Readonly<Record<string, string>> = {}) {
  const made = project({ "package.json": '{ "type": "module" }\n', ...files });
  linkPackages(made.folder);
  const has = (name: string) => existsSync(path.join(made.folder, name));
  const read = (name: string) => readFileSync(path.join(made.folder, name), "utf8");
  return { ...made, has, read };
}

test("a file or script that is there and says something else is kept, and named", () => {
  const own = { "worker.js": "mine();\n", "holdfast.config.ts": "export default {};\n" };
  const scripts = '{\n  "type": "module",\n  "scripts": { "worker": "mine" }\n}\n';
  const { holdfast, read, has } = withPackages({ ...own, "package.json": scripts });
  const { code, out } = holdfast(["init", "--yes"]);
  expect(code).toBe(0);
  expect(out).toContain(
    "Kept as it is, since it was there and says something else: holdfast.config.ts, worker.js.",
  );
  expect(out).toContain('holdfast.config.ts: with jobs: "jobs/*.js" it knows the first job.');
  expect(out, "steps for what is not there").not.toMatch(/enqueue welcome|run .*worker/);
  for (const [name, text] of Object.entries(own)) expect(read(name)).toBe(text);
  expect(JSON.parse(read("package.json"))).toEqual({
    type: "module",
    scripts: { worker: "mine", test: "node --test" },
  });
  expect(has("holdfast.config.js")).toBe(false);
});

test("a worker is written beside a script of that name, and run by another one", () => {
  const scripts = { scripts: { worker: "php artisan queue:work", typecheck: "tsc -b" } };
  const { holdfast, read } = withPackages({
    "package.json": JSON.stringify({ type: "module", ...scripts }),
    "tsconfig.json": '{ "compilerOptions": { "module": "commonjs" } }',
  });
  const { out } = holdfast(["init", "--yes", "--no-install"]);
  const { scripts: has } = JSON.parse(read("package.json")) as typeof scripts;
  expect(has).toMatchObject(scripts.scripts);
  expect(Object.entries(has)).toContainEqual(["jobs:worker", "node --import tsx worker.ts"]);
  expect(out).toMatch(/npm run jobs:worker +run jobs/);
  expect(out).toContain("enqueue welcome");
  expect(out, "types cannot be checked with such a tsconfig").not.toContain("npm run typecheck");
  expect(holdfast(["init", "--yes", "--no-install"]).out).toMatch(/npm run jobs:worker/);
});

test("a repository leaves the file of jobs out, once", () => {
  const { holdfast, read, folder } = withPackages({ ".gitignore": "node_modules" });
  holdfast(["init", "--yes"]);
  holdfast(["init", "--yes"]);
  expect(read(".gitignore")).toBe("node_modules\njobs.db*\n");
  expect(existsSync(path.join(folder, "jobs.db"))).toBe(false);
});

test("the test it writes passes, and fails when the job is broken", () => {
  const { holdfast, folder, read } = withPackages();
  holdfast(["init", "--yes"]);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const run = () => spawnSync(process.execPath, ["--test"], { cwd: folder, env }).status;
  expect(run()).toBe(0);
  writeFileSync(
    path.join(folder, "jobs/welcome.js"),
    read("jobs/welcome.js").replace("return greeting", "return null"),
  );
  expect(run()).toBe(1);
});

describe("--job", () => {
  test("adds one program and its script, and nothing else", () => {
    const { holdfast, folder, read, has } = withPackages({ "src/index.js": "" });
    expect(holdfast(["init", "--yes", "--job", "import-orders"]).code).toBe(0);
    const { status, stderr } = spawnSync(process.execPath, ["src/import-orders.js"], {
      cwd: folder,
      env: {},
    });
    expect(String(stderr)).toMatch(/job bootstrapping name=import-orders.*job ready.*job done/s);
    expect(status).toBe(0);
    expect(JSON.parse(read("package.json"))).toMatchObject({
      scripts: { "job:import-orders": "node src/import-orders.js" },
    });
    expect([has("src/worker.js"), has("holdfast.config.js")]).toEqual([false, false]);
    expect(holdfast(["init", "--job", "import-orders"]).out).toMatch(/^Nothing to do/);
  });

  test.each(["Import", "import_orders", "-x", "a--b", "../x", "1st", ""])(
    "refuses the name %j",
    (name) => {
      const { holdfast, folder } = withPackages();
      const { code, err } = holdfast(["init", "--yes", `--job=${name}`]);
      expect(code).toBe(2);
      expect(err).toContain("lower-case words joined by dashes, such as import-orders");
      expect(existsSync(path.join(folder, "src"))).toBe(false);
    },
  );

  test.each([
    ["load-test", "would run the program as a test"],
    ["server", "server.js is there and is no such program"],
  ])("refuses the name %j: %s", (name, says) => {
    const { holdfast, read, folder } = withPackages({ "server.js": "listen();" });
    const before = read("package.json");
    const { code, err } = holdfast(["init", "--yes", "--job", name]);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect([read("package.json"), read("server.js")]).toEqual([before, "listen();"]);
    expect(existsSync(path.join(folder, "load-test.js"))).toBe(false);
  });
});

test.each([
  [["--typescript", "--javascript"], {}, "exclude each other"],
  [[], { "package.json": "{ broken" }, "package.json could not be read"],
])("init %j with %j is refused: %s", (args, files, message) => {
  const { holdfast, has } = withPackages(files);
  const { code, err } = holdfast(["init", "--yes", ...args]);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(has("jobs")).toBe(false);
});

describe("in a terminal", () => {
  async function answer(line: string, ...args: readonly string[]) {
    const made = withPackages();
    const before = process.cwd();
    let [out, err] = ["", ""];
    process.chdir(made.folder);
    try {
      const code = await runCli(["init", ...args], {
        env: { NO_COLOR: "1" },
        isTerminal: { in: true, out: true, err: true },
        out: (text) => (out += text),
        err: (text) => (err += text),
        input: () => Readable.from(line === "" ? [] : [line]),
        onSignal: () => () => {},
        flushed: async () => {},
      });
      return { ...made, code, out, err };
    } finally {
      process.chdir(before);
    }
  }

  test.each([
    ["\n", true],
    ["y\n", true],
    ["YES\n", true],
    ["n\n", false],
    ["what?\n", false],
    ["", false],
  ])("it shows what it is going to do and asks once: %j means %j", async (line, goesOn) => {
    const { code, err, has } = await answer(line);
    expect(err).toContain("write jobs/welcome.js (the first job)");
    expect(err).toContain("change package.json (scripts test, worker)");
    expect(err.match(/Go on\? \[Y\/n\]/g)).toHaveLength(1);
    expect(has("jobs/welcome.js")).toBe(goesOn);
    expect(err.includes("nothing was changed")).toBe(!goesOn);
    expect(code).toBe(0);
  });

  test("--yes asks nothing, nor does a project that has everything", async () => {
    const { err, holdfast } = await answer("n\n", "--yes");
    expect(err).toBe("");
    expect(holdfast(["init"])).toMatchObject({ code: 0, err: "" });
  });
});

/** A package manager that notes what it is asked for, and then does well or not. */
function fakeManager(folder: string, code: number): Readonly<Record<string, string>> {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(path.join(bin, "pnpm"), `#!/bin/sh\necho "$@" >> asked\nexit ${code}\n`);
  chmodSync(path.join(bin, "pnpm"), 0o755);
  return { PATH: `${bin}${path.delimiter}${process.env["PATH"]}` };
}

test.each([
  [0, 0],
  [1, 1],
])("what is missing is installed; where that ends with %i, init ends with %i", (ends, code) => {
  const { folder } = project({
    "package.json": '{ "packageManager": "pnpm@9.0.0", "dependencies": { "pg": "8" } }',
    "tsconfig.json": "{}",
  });
  const env = fakeManager(folder, ends);
  const end = runHoldfast(["init", "--yes"], { cwd: folder, env, bin: mainFile });
  expect(end.code).toBe(code);
  const asked = readFileSync(path.join(folder, "asked"), "utf8");
  expect(asked).toMatch(
    /^add holdfast@\^[\d.]+\nadd --save-dev typescript @types\/node@\d+ tsx\n$/,
  );
  expect(end.out.includes("Not installed yet")).toBe(code === 1);
  expect(existsSync(path.join(folder, "worker.mts"))).toBe(true);
});

test.skipIf(process.features.typescript)(
  "TypeScript this Node cannot read is read with the project's tsx",
  () => {
    const hook = `export async function load(url, context, next) {
  return url.endsWith(".mts") ? { ...(await next(url, { ...context, format: "module" })), format: "module" } : next(url, context);
}`;
    const loader = `import { register } from "node:module";\nregister("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));`;
    const { folder } = project({
      "holdfast.config.mts": `import { defineConfig } from ${holdfastModule};\nexport default defineConfig({ url: "sqlite:typed.db" });`,
      "node_modules/tsx/package.json": '{ "exports": { ".": "./loader.mjs" } }',
      "node_modules/tsx/loader.mjs": loader,
    });
    const end = runHoldfast(["migrate"], { cwd: folder, bin: mainFile });
    expect(end).toMatchObject({ code: 0, err: "" });
    expect(existsSync(path.join(folder, "typed.db"))).toBe(true);
  },
);
