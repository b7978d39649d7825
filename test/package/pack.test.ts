import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npm, runTo } from "./run-to.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const subpaths = ["holdfast", "holdfast/postgres", "holdfast/sqlite", "holdfast/testing"];
const project = mkdtempSync(join(tmpdir(), "holdfast-pack-"));
const installed = join(project, "node_modules/holdfast");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

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
    const expected = /^(dist\/.*\.(js|d\.ts)(\.map)?|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(paths.filter((path) => !expected.test(path) || /\.test\./.test(path))).toEqual([]);
    expect(paths).toContain("dist/runtime/heart-thread.js");
    expect(paths).toContain("dist/storage/sqlite/heart.js");
  });

  test("brings only the dependencies that ARCHITECTURE.md gives a reason for", () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const text = readFileSync(`${root}ARCHITECTURE.md`, "utf8");
    const [, section = ""] = text.split("## Runtime dependencies\n");
    const explained = [...section.matchAll(/^\| `([^`]+)` \| runtime \|/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(Object.keys(dependencies).sort());
  });

  test("imports from ESM by every subpath, without any optional peer", async () => {
    const imports = subpaths.map((name, index) => `import * as m${index} from "${name}";`);
    const print = `console.log([${subpaths.map((_, index) => `Object.keys(m${index}).length > 0`)}].join());`;
    writeFileSync(join(project, "all.mjs"), [...imports, print].join("\n"));
    expect((await runTo([join(project, "all.mjs")], project)).trim()).toBe("true,true,true,true");
  });

  test("loads through require by every subpath, so there is no top-level await", async () => {
    const requires = subpaths.map((name) => `Object.keys(require("${name}")).length > 0`);
    writeFileSync(join(project, "all.cjs"), `console.log([${requires.join()}].join());`);
    expect((await runTo([join(project, "all.cjs")], project)).trim()).toBe("true,true,true,true");
  });

  test("has types that resolve for a consumer who checks its libraries too", async () => {
    cpSync(`${root}test/package/consumer.ts.txt`, join(project, "consumer.mts"));
    const types = join(project, "node_modules/@types");
    mkdirSync(types, { recursive: true });
    for (const name of ["node", "pg"]) {
      cpSync(`${root}node_modules/@types/${name}`, join(types, name), { recursive: true });
    }
  });
});
