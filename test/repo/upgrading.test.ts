import { migrations as postgres } from "holdfast/postgres";
import { migrations as sqlite } from "holdfast/sqlite";
import { expect, test } from "vitest";
import { readTables, unquote } from "../support/markdown-tables.ts";

const tables = readTables("guides/upgrading.md");

test.each([
  ["PostgreSQL", postgres],
  ["SQLite", sqlite],
])(
  "docs/guides/upgrading.md lists the steps on %s with the oldest code for each",
  (kind, steps) => {
    const listed = tables.get(`Steps on ${kind}`)?.map((cells) => cells.map(unquote));
    const recorded = steps.map(({ id, name, sql }) => [String(id), name, oldestCode(sql)]);
    expect(listed).toEqual(recorded);
  },
);

/** A step ends by writing itself down; the oldest code stands last. */
function oldestCode(sql: string): string | undefined {
  return /, (\d+)\);$/.exec(sql.trim())?.[1];
}
