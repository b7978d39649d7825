import { expect, test } from "vitest";
import { missing, readLinkedTests } from "./docs/linked-tests.ts";

const rows = readLinkedTests("coming-from-rust.md");

const isElsewhere = (file: string): boolean => file === "left to" || file === "none here";
const waiting = rows.filter(({ file, linked }) => !linked && !isElsewhere(file));

test("docs/coming-from-rust.md has a row for everything the four systems can do", () => {
  const claims = new Set(rows.map(({ claim }) => claim));
  expect(claims.size).toBeGreaterThan(100);
  expect(claims).not.toContain("");
});

test("docs/coming-from-rust.md links to tests that exist", () => {
  const advice = "the test was renamed or removed: change the row, or bring it back";
  expect(missing(rows.filter(({ linked }) => linked)), advice).toEqual([]);
});

test("docs/coming-from-rust.md says of a row which other issue it is left to", () => {
  const left = rows.filter(({ file }) => file === "left to");
  expect(left.filter(({ title }) => !/^the issue on .+/.test(title))).toEqual([]);
});

test("docs/coming-from-rust.md names no test without a link to it", () => {
  expect(waiting).toEqual([]);
});
