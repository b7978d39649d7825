import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { brokenTrees, soundTree } from "./architecture/fixtures.ts";
import { importRules } from "./architecture/import-rules.ts";
import { pageRules } from "./architecture/page-rules.ts";
import { purityRules } from "./architecture/purity-rules.ts";
import { report } from "./architecture/rule.ts";
import { shapeRules } from "./architecture/shape-rules.ts";
import { SourceTree } from "./architecture/source-tree.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rules = [...importRules, ...pageRules, ...purityRules, ...shapeRules];
const brokenByName = brokenTrees.map((tree) => [tree.rule.name, tree.says, tree] as const);
const byName = rules.map((rule) => [rule.name, rule] as const);

describe("this repository keeps the rule:", () => {
  const tree = SourceTree.read(root);
  test.each(byName)("%s", (_name, rule) => {
    const complaint = report(rule, tree);
    if (complaint !== "") expect.fail(complaint);
  });

  test("no room is empty", () => {
    const folders = readdirSync(`${root}src`, { recursive: true, withFileTypes: true });
    const paths = tree.sources().map((file) => root + file.path);
    const isEmpty = (folder: string) => !paths.some((path) => path.startsWith(`${folder}/`));
    const empty = folders
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
      .filter(isEmpty);
    expect(empty, "a room is made when its first file is: remove the folder").toEqual([]);
  });
});

describe("each rule can fail:", () => {
  test.each(brokenByName)("%s (%s)", (_name, says, { rule, texts }) => {
    const complaint = report(rule, new SourceTree(texts));
    expect(complaint).toContain(says);
    for (const part of [`Rule: ${rule.name}`, `Why: ${rule.why}`, `Do: ${rule.fix}`]) {
      expect(complaint).toContain(part);
    }
  });

  test("every rule has a tree that breaks it", () => {
    const tried = new Set(brokenTrees.map(({ rule }) => rule.name));
    expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  test.each(byName)("and does not without reason: %s", (_name, rule) => {
    expect(report(rule, new SourceTree(soundTree))).toBe("");
  });
});
