import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = ["src", "test", "scripts", "examples", "bench", "web"];

/** What may not stay in the sources, file by file. */
function findings(name: string, text: string): string[] {
  const { program, comments } = parseSync(name, text);
  const found: string[] = [];
  const add = (start: number, what: string) => {
    found.push(`${name}:${text.slice(0, start).split("\n").length} ${what}`);
  };
  for (const { value, start } of comments) {
    const left = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)|(oxlint|eslint|biome)-[\w-]*/.exec(
      value,
    );
    if (left !== null) add(start, left[0]);
    if (/@ts-expect-error/.test(value) && !name.startsWith("test/types/"))
      add(start, "@ts-expect-error");
    if (/@(type|param|returns?|typedef)\s*\{[^}]*\bany\b/.test(value)) add(start, "any");
  }
  new Visitor({
    TSAnyKeyword: (node) => add(node.start, "any"),
    MemberExpression(node) {
      const left = /\b(?:test|it|describe|suite)\b.*\.(only|skip|todo|fails)$/s;
      const end = left.exec(text.slice(node.start, node.end));
      if (end !== null && node.property.type === "Identifier") add(node.start, `.${end[1]}`);
    },
  }).visit(program);
  return found;
}

function sourceNames(): string[] {
  const inFolders = folders
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) => {
      const names = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
      return names.map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
    });
  return inFolders.filter(
    (name) => /\.(ts|tsx|mjs|js)$/.test(name) && !name.includes("node_modules/"),
  );
}

test("no unfinished business, silenced checker, skipped test or any in the sources", () => {
  const found = sourceNames().flatMap((name) => findings(name, readFileSync(root + name, "utf8")));
  expect(found, "finish it, or write an issue and remove the mark").toEqual([]);
});

describe("each mark is found:", () => {
  test.each([
    ["// TODO later", "a.ts:1 TODO"],
    ["/*\n * FIXME */", "a.ts:1 FIXME"],
    ["// @ts-ignore", "a.ts:1 @ts-ignore"],
    ["// @ts-expect-error", "a.ts:1 @ts-expect-error"],
    ["// oxlint-disable-next-line", "a.ts:1 oxlint-disable-next-line"],
    ["\nlet a: any;", "a.ts:2 any"],
    ["/** @type {any} */", "a.ts:1 any"],
    ["test.only('a', f);", "a.ts:1 .only"],
    ["describe.skip.each([])('a', f);", "a.ts:1 .skip"],
  ])("%s", (text, finding) => {
    expect(findings("a.ts", text)).toEqual([finding]);
  });

  test("and nothing else", () => {
    const text = "// any word\nconst todo = 'TODO'; job.skip(); test.skipIf(a)('b', f); list.only;";
    expect(findings("a.ts", text)).toEqual([]);
  });
});
