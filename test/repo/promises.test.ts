import { describe, expect, test } from "vitest";
import { missing, readLinkedTests } from "./docs/linked-tests.ts";

const promises = readLinkedTests("promises.md");
const invariants = readLinkedTests("../ARCHITECTURE.md", (heading) => heading === "Invariants");

const notYet = "not yet";
const advice = "the test was renamed or removed: change the row, or bring it back";

describe("docs/promises.md", () => {
  test("says of every row of the design which test pins it, or that none is there yet", () => {
    const claims = promises
      .map(({ claim }) => claim)
      .filter((claim, index, all) => claim !== all[index - 1]);
    expect(claims.length).toBeGreaterThan(35);
    expect(new Set(claims).size).toBe(claims.length);
    const unlinked = promises.filter(({ linked }) => !linked);
    expect(unlinked.filter(({ file }) => file !== notYet)).toEqual([]);
  });

  test("names only tests that exist", () => {
    expect(missing(promises.filter(({ linked }) => linked)), advice).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  test("pins every invariant by a test that exists", () => {
    expect(invariants.length).toBeGreaterThan(10);
    expect(missing(invariants), advice).toEqual([]);
  });
});
