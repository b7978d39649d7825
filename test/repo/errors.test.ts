import { describe, expect, test } from "vitest";
import { errorCatalogue } from "../../src/core/errors.ts";
import { readTables, unquote } from "../support/markdown-tables.ts";

const tables = readTables("errors.md");
const catalogue = Object.entries(errorCatalogue);
const families = [...new Set(catalogue.map(([, { family }]) => family))];

describe("docs/errors.md", () => {
  test("has one section for each family of errors, in the catalogue's order", () => {
    expect([...tables.keys()]).toEqual(families);
  });

  test.each(families)(
    "lists exactly the %s codes of the catalogue, and which may be retried",
    (family) => {
      const documented = tables.get(family)?.map(([code, retry]) => [unquote(code), retry]);
      const coded = catalogue
        .filter(([, entry]) => entry.family === family)
        .map(([code, { retryable }]) => [code, retryable ? "yes" : "no"]);
      expect(documented).toEqual(coded);
    },
  );

  test("says of every code what it means and what to do", () => {
    const rows = [...tables.values()].flat();
    const unexplained = rows.filter(
      ([, , meaning = "", remedy = ""]) => !/\w.*\.$/.test(meaning) || !/\w.*\.$/.test(remedy),
    );
    expect(unexplained).toEqual([]);
  });
});
