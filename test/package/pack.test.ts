import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npm, runTo } from "./run-to.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const subpaths = [
  "holdfast",
  ...["bootstrap", "context", "dashboard", "postgres", "process", "sqlite", "testing"].map(below),
];
const allLoad = subpaths.map(() => "true").join();
const project = mkdtempSync(join(tmpdir(), "holdfast-pack-"));
const installed = join(project, "node_modules/holdfast");

function below(name: string): string {
  return `holdfast/${name}`;
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const consumer = `
import { createClient, createWorker, defineJob } from "holdfast";
import { bootstrap, currentAuth, type PgPool } from "holdfast/bootstrap";
import { migrations, postgresStorage } from "holdfast/postgres";
import { command, processPool, threadHandler } from "holdfast/process";
import { sqliteStorage } from "holdfast/sqlite";
import { createManualClock } from "holdfast/testing";

const greet = defineJob<{ name: string }, string>({ name: "greet" });
const client = await createClient({ storage: await sqliteStorage({ path: ":memory:" }), clock: createManualClock() });
const { id } = await client.enqueue(greet, { name: "Ada" });
const greeting: string = await client.handle(id).result({ timeout: "1s" });
const sql: string | undefined = migrations[0]?.sql;
// @ts-expect-error a payload must be what the definition says
await client.enqueue(greet, { nam: greeting });
export const all = [createWorker, postgresStorage, sql];
const service = await bootstrap("greeter", { identity: { scopes: ["greet"] } });
export const state: PgPool = service.state.pg();
export const called: Response = await currentAuth().fetch("https://callee", { method: "POST" });
const python = processPool({ argv: ["python3", "worker.py"] });
export const handlers = [
  greet.handler(command(({ name }) => ({ argv: ["echo", name] }))),
  greet.handler(python.run),
  greet.handler(threadHandler(new URL("file:///greet.js"))),
];
`;

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: "es2023",
  module: "nodenext",
  lib: ["es2023", "esnext.disposable", "dom"],
  types: [],
  skipLibCheck: false,
};

let packed: Packed;

/** Packs what is built and installs it where nothing else is: no pg, no optional SQLite, no tools. */
beforeAll(async () => {
  const answer = await npm(["pack", "--json", "--pack-destination", project], root);
  [packed] = JSON.parse(answer.slice(answer.indexOf("["))) as [Packed];
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true }\n');
  await npm(["install", "--prefer-offline", `./${packed.filename}`], project);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the packed package", () => {
  test("holds the compiled sources, with maps that need no sources, and no test", () => {
    const paths = packed.files.map(({ path }) => path);
    const expected =
      /^(dist\/.*\.(js|d\.ts)(\.map)?|dist\/dashboard\/page\/(index\.html|licenses\.md|assets\/.*\.(css|svg))|docker\/Dockerfile(\.dockerignore)?|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(paths.filter((path) => !expected.test(path) || /\.test\./.test(path))).toEqual([]);
    expect(paths).toContain("dist/runtime/heart-thread.js");
    expect(paths).toContain("dist/storage/sqlite/heart.js");
    expect(paths).toContain("dist/dashboard/page/index.html");
    expect(paths).toContain("dist/dashboard/page/licenses.md");
  });

  test("brings only the dependencies that ARCHITECTURE.md gives a reason for", () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const text = readFileSync(`${root}ARCHITECTURE.md`, "utf8");
    const [, section = ""] = text.split("## Runtime dependencies\n");
    const explained = section.matchAll(/^\| `([^`]+)` \| runtime \|/gm);
    const names = [...explained].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(dependencies)));
  });

  test("imports from ESM by every subpath, without any optional peer", async () => {
    const imports = subpaths.map((name, index) => `import * as m${index} from "${name}";`);
    const counts = subpaths.map((_, index) => `Object.keys(m${index}).length > 0`);
    const print = `console.log([${counts.join()}].join());`;
    writeFileSync(join(project, "all.mjs"), [...imports, print].join("\n"));
    expect((await runTo([join(project, "all.mjs")], project)).trim()).toBe(allLoad);
  });

  test("loads through require by every subpath, so there is no top-level await", async () => {
    const requires = subpaths.map((name) => `Object.keys(require("${name}")).length > 0`);
    writeFileSync(join(project, "all.cjs"), `console.log([${requires.join()}].join());`);
    expect((await runTo([join(project, "all.cjs")], project)).trim()).toBe(allLoad);
  });

  test("has types that resolve for a consumer who checks its libraries and has no Node types", async () => {
    writeFileSync(join(project, "consumer.mts"), consumer);
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    expect(await runTo([tsc, "-p", project, "--pretty", "false"], project)).toBe("");
  });

  test("pleases publint", async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test("pleases attw with its esm-only profile", async () => {
    const attw = `${root}node_modules/@arethetypeswrong/cli/dist/index.js`;
    const args = ["--profile", "esm-only", "--no-emoji", "--no-color"];
    const verdict = await runTo([attw, join(project, packed.filename), ...args], project);
    expect(verdict).toMatch(/"holdfast\/testing" +│ OK \(ESM\)/);
  });

  test("loads holdfast/otel beside its peer", async () => {
    const peer = `${root}node_modules/@opentelemetry/api`;
    await npm(["install", "--prefer-offline", "--no-save", peer], project);
    const print = "console.log(typeof openTelemetry().attempt)";
    const program = `import { openTelemetry } from "holdfast/otel"; ${print}`;
    writeFileSync(join(project, "otel.mjs"), program);
    expect(await runTo([join(project, "otel.mjs")], project)).toBe("function\n");
  });

  test("has the command holdfast", async () => {
    const command = join(project, "node_modules/.bin/holdfast");
    expect(await runTo([command, "--help"], project)).toMatch(/Usage: holdfast .*migrate.*status/s);
  });
});
