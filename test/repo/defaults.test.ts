import { describe, expect, test } from "vitest";
import { defaultRetryPolicy, defaults } from "../../src/core/defaults.ts";
import { parseDuration } from "../../src/core/duration.ts";
import { readTables, unquote } from "../support/markdown-tables.ts";

const tables = readTables("defaults.md");

/** The table as an object of values, read as the code has them: durations as milliseconds, numbers as numbers. */
function documented(heading: string): Record<string, unknown> {
  const rows = tables.get(heading) ?? [];
  return Object.fromEntries(
    rows.map(([cell, value = ""]) => {
      const name = unquote(cell);
      return [name, name.endsWith("Ms") ? parseDuration(value, name) : readValue(value)];
    }),
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

describe("docs/defaults.md", () => {
  test("prints every default with the value the code has, and no other", () => {
    expect(documented("Settings")).toEqual(defaults);
  });

  test("prints the retry policy with the values the code has, and no other", () => {
    expect(documented("Retry policy")).toEqual(defaultRetryPolicy);
  });

  test("says of every default where it is set and what it is", () => {
    const unexplained = [...tables.values()]
      .flat()
      .filter((row) => row.length !== 4 || row.some((cell) => cell === ""));
    expect(unexplained).toEqual([]);
  });
});
