import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTables } from "../support/markdown-tables.ts";
import { root } from "./docs/pages.ts";
import { titlesIn } from "./docs/test-titles.ts";

const notYet = "not yet";

interface Row {
  readonly promise: string;
  readonly file: string;
  readonly title: string;
}

const rows: readonly Row[] = [...readTables("promises.md").values()]
  .flat()
  .map(([promise = "", file = "", title = ""]) => ({
    promise,
    file: /\]\(\.\.\/(.+)\)$/.exec(file)?.[1] ?? file,
    title,
  }));

describe("docs/promises.md", () => {
  test("names every promise of the design", () => {
    const promises = rows.map(({ promise }) => promise).filter((promise) => promise !== "");
    expect(promises.length).toBeGreaterThan(30);
    expect(new Set(promises).size).toBe(promises.length);
  });

  test("names a test, or says not yet, in every row", () => {
    const empty = rows.filter(({ file, title }) => file !== notYet && title === "");
    expect(empty).toEqual([]);
  });

  test("names only tests that exist", () => {
    const absent = rows
      .filter(({ file }) => file !== notYet)
      .filter(
        ({ file, title }) => !existsSync(root + file) || !titlesIn(root + file).includes(title),
      )
      .map(({ file, title }) => `${file}: ${title}`);
    expect(absent, "the test was renamed or removed: change the row, or bring it back").toEqual([]);
  });
});
