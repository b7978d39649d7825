import { describe, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { hasFilter, readFilterOptions } from "./filter-options.ts";

const now = 10_000_000;
const read = (options: Parameters<typeof readFilterOptions>[0]) => readFilterOptions(options, now);

describe("a filter on the command line", () => {
  test("is what its options say, and nothing when there are none", () => {
    expect(read({})).toEqual({});
    expect([hasFilter({}), hasFilter({ queue: "q" })]).toEqual([false, true]);
    expect(
      read({ state: "discarded, cancelled", name: "send-*", waitingLongerThan: "10m" }),
    ).toEqual({
      state: ["discarded", "cancelled"],
      name: "send-*",
      waitingLongerThan: "10m",
    });
  });

  test("takes moments as dates and as times ago", () => {
    expect(read({ createdAfter: "2h", finishedBefore: "2026-01-31T12:00Z" })).toEqual({
      createdAfter: now - 7_200_000,
      finishedBefore: Date.UTC(2026, 0, 31, 12),
    });
    for (const createdAfter of ["yesterday", "10", "-1", "2026-02-31", "01/02/2026"]) {
      expect(() => read({ createdAfter })).toThrow(coded("INVALID_OPTION", "--created-after"));
    }
  });

  test("takes values of payloads as JSON where they are, and else as text", () => {
    const payload = ["a.b=7", "c=seven", 'd="7"', "e=true", "f=null", "g=1=2", "h=", 'i="'];
    expect(read({ payload }).payload).toEqual({
      "a.b": 7,
      c: "seven",
      d: "7",
      e: true,
      f: null,
      g: "1=2",
      h: "",
      i: '"',
    });
    for (const wrong of ["a", "=7"]) {
      expect(() => read({ payload: [wrong] })).toThrow(coded("INVALID_OPTION", "path=value"));
    }
    expect(() => read({ payload: ["a=1", "a=2"] })).toThrow(coded("INVALID_OPTION", "a twice"));
  });
});
