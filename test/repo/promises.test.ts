import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTables } from "../support/markdown-tables.ts";
import { root } from "./docs/pages.ts";
import { titlesIn } from "./docs/test-titles.ts";

const notYet = "not yet";

/** One line of a table: what is claimed, and the test that would fail if it were not so. */
interface Row {
  readonly claim: string;
  readonly file: string;
  readonly title: string;
}

function readRows(page: string, isWanted: (heading: string) => boolean): readonly Row[] {
  return [...readTables(page)]
    .filter(([heading]) => isWanted(heading))
    .flatMap(([, rows]) => rows)
    .map(([claim = "", file = "", title = ""]) => ({
      claim,
      file: /\]\((?:\.\.\/)?(.+)\)$/.exec(file)?.[1] ?? file,
      title,
    }));
}

const promises = readRows("promises.md", () => true);
const invariants = readRows("../ARCHITECTURE.md", (heading) => heading === "Invariants");

function untested(rows: readonly Row[]): readonly string[] {
  const named = rows.filter(({ file }) => file !== notYet);
  const files = [...new Set(named.map(({ file }) => file))];
  const titles = new Map(
    files.map((file) => [file, existsSync(root + file) ? titlesIn(root + file) : []]),
  );
  return named
    .filter(({ file, title }) => titles.get(file)?.includes(title) !== true)
    .map(({ file, title }) => `${file}: ${title}`);
}

const advice = "the test was renamed or removed: change the row, or bring it back";

describe("docs/promises.md", () => {
  test("says of every row of the design which test pins it, or that none is there yet", () => {
    const claims = promises.map(({ claim }) => claim).filter((claim) => claim !== "");
    expect(claims.length).toBeGreaterThan(35);
    expect(new Set(claims).size).toBe(claims.length);
  });

  test("names only tests that exist", () => {
    expect(untested(promises), advice).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  test("pins every invariant by a test that exists", () => {
    expect(invariants.length).toBeGreaterThan(10);
    expect(untested(invariants), advice).toEqual([]);
  });
});
