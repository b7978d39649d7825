import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesOf } from "./glob.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-glob-"));

beforeAll(() => {
  for (const name of [
    "a.js",
    "b.ts",
    "jobs/c.js",
    "jobs/deep/d.js",
    "jobs/[e].js",
    "node_modules/x.js",
    "jobs/node_modules/y.js",
    "jobs/c.test.js",
    "jobs/c_test.js",
    "jobs/c.spec.js",
    "b.d.ts",
  ]) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), "");
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a.js", ["a.js"]],
  ["*.js", ["a.js"]],
  ["*.{js,ts}", ["a.js", "b.ts"]],
  ["?.ts", ["b.ts"]],
  ["*.ts", ["b.ts"]],
  ["jobs/c.test.js", ["jobs/c.test.js"]],
  ["**/*.js", ["a.js", "jobs/[e].js", "jobs/c.js", "jobs/deep/d.js"]],
  ["jobs/*.js", ["jobs/[e].js", "jobs/c.js"]],
  ["./jobs/**/*.js", ["jobs/[e].js", "jobs/c.js", "jobs/deep/d.js"]],
  ["jobs/[e].js", ["jobs/[e].js"]],
  ["jobs/**", ["jobs/[e].js", "jobs/c.js", "jobs/deep/d.js"]],
  ["none/*.js", []],
  ["none.js", []],
  ["*.(js)", []],
])("%s means %j", (pattern, files) => {
  expect(filesOf(pattern, folder)).toEqual(files.map((name) => path.join(folder, name)));
});

test("a pattern may be absolute", () => {
  expect(filesOf(`${folder}/*.ts`, "/")).toEqual([path.join(folder, "b.ts")]);
});
