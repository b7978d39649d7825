import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readTables, unquote } from "../support/markdown-tables.ts";
import { SourceTree } from "./architecture/source-tree.ts";
import { variablesOf } from "./environment/variables.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tables = readTables("environment.md");

test("docs/environment.md lists every variable that the sources name, and no other", () => {
  const named = SourceTree.read(root)
    .sources()
    .flatMap((file) => variablesOf(file.program));
  const documented = [...tables.values()]
    .flat()
    .flatMap(([name, or]) => [name, or])
    .filter((cell) => cell !== "")
    .map((cell) => unquote(cell));
  expect([...new Set(documented)].toSorted()).toEqual([...new Set(named)].toSorted());
});

test("docs/environment.md says of every variable what it says", () => {
  const silent = [...tables.values()].flat().filter(([, , says = ""]) => !/\w.*\.$/.test(says));
  expect(silent).toEqual([]);
});

test.each([
  ['process.env["A_B"]', ["A_B"]],
  ["terminal.env.NO_COLOR", ["NO_COLOR"]],
  ['const { env } = process; env["X_Y"] ?? env["Z"]', ["X_Y", "Z"]],
  ["const { TERM, other } = process.env", ["TERM"]],
  ['read("HOLDFAST_SOMETHING")', ["HOLDFAST_SOMETHING"]],
  ['const variables = { a: ["REDIS_URL"] }', ["REDIS_URL"]],
  ["const set = { HOLDFAST_JOB: id }", ["HOLDFAST_JOB"]],
  ['const code = "JOB_NOT_FOUND"; errors["A_B"]', []],
])("the variables of %s are %j", (text, names) => {
  const [file] = new SourceTree({ "src/a.ts": text }).sources();
  expect(file === undefined ? undefined : variablesOf(file.program)).toEqual(names);
});
