import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkNames, findingCatalogue } from "../../src/core/finding.ts";
import type { FindingCode } from "../../src/core/finding-facts.ts";
import { readTables, unquote } from "../support/markdown-tables.ts";
import { root } from "./docs/pages.ts";
import { titlesIn } from "./docs/test-titles.ts";

const tables = readTables("doctor.md");
const codes = Object.keys(findingCatalogue) as FindingCode[];

describe("docs/doctor.md", () => {
  test("has one section for each check, in the doctor's order", () => {
    expect([...tables.keys()]).toEqual(checkNames);
  });

  test.each(checkNames)("lists exactly the findings of %s and their levels", (check) => {
    const documented = tables.get(check)?.map(([code, level]) => [unquote(code), level]);
    const coded = codes
      .filter((code) => findingCatalogue[code].check === check)
      .map((code) => [code, findingCatalogue[code].level]);
    expect(documented).toEqual(coded);
  });

  test("says of every finding what it means and what to do", () => {
    const rows = [...tables.values()].flat();
    const unexplained = rows.filter(
      ([, , meaning = "", remedy = ""]) => !/\w.*\.$/.test(meaning) || !/\w.*\.$/.test(remedy),
    );
    expect(unexplained).toEqual([]);
  });
});

test("every finding of the doctor has a test that provokes it, named after it", () => {
  const files = readdirSync(`${root}test/integration`).filter((name) => name.startsWith("doctor"));
  const named = files
    .flatMap((file) => titlesIn(`${root}test/integration/${file}`))
    .flatMap((title) => title.split(":")[0]?.split(/ and |, /) ?? []);
  expect(codes.filter((code) => !named.includes(code))).toEqual([]);
});
