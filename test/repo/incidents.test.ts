import { expect, test } from "vitest";
import { missing, readLinkedTests } from "./docs/linked-tests.ts";

const rows = readLinkedTests("incidents.md");
/** The numbers that a row is about: "3, 4: permits were ...". */
const numbersIn = (claim: string) =>
  (/^([\d, ]+):/.exec(claim)?.[1] ?? "").split(",").filter(Boolean).map(Number);

test("docs/incidents.md leaves out no incident of the register", () => {
  const told = new Set(rows.flatMap(({ claim }) => numbersIn(claim)));
  expect([...told].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 58 }, (_, index) => index + 1),
  );
});

test("docs/incidents.md links to tests that exist", () => {
  const advice = "the test was renamed or removed: change the row, or bring it back";
  expect(missing(rows.filter(({ linked }) => linked)), advice).toEqual([]);
});

test("docs/incidents.md says of every other incident why it cannot happen here", () => {
  const others = rows.filter(({ linked }) => !linked);
  expect(others.filter(({ file, title }) => file !== "not here" || title === "")).toEqual([]);
});
