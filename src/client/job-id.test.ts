import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { checkId, isPossibleId } from "./job-id.ts";

describe("isPossibleId", () => {
  test.each(["1", "42", "9223372036854775807"])("%s can exist", (id) => {
    expect(isPossibleId(id, "get")).toBe(true);
  });

  test.each(["0", "007", "9223372036854775808", "9".repeat(400)])("%s cannot exist", (id) => {
    expect(isPossibleId(id, "get")).toBe(false);
  });

  test.each([1, 1n, null, undefined, "", "abc", "-1", "1.5", "1e3", " 1", "1\n", "0x1", {}])(
    "refuses %s, which is no id at all",
    (id) => {
      expect(() => isPossibleId(id, "get")).toThrow(coded("INVALID_OPTION", "get: a job's id is"));
    },
  );
});

test("a verb hears JOB_NOT_FOUND for an id that cannot exist", () => {
  expect(() => checkId("0", "cancel")).toThrow(coded("JOB_NOT_FOUND", "There is no job 0"));
  expect(() => checkId("12", "cancel")).not.toThrow();
});
