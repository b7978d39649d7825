import { expect, test } from "vitest";
import { keptDetails } from "./audit-details.ts";
import { JsonText } from "./json-text.ts";

test("details are kept as they are", () => {
  const details = {
    why: "it's over",
    tags: ["a"],
    nothing: undefined,
    payload: "x".repeat(15_998),
  };
  expect(keptDetails(details)).toBe(details);
});

test("what is too long is left out, and how long it was is said", () => {
  const long = "x".repeat(15_999);
  expect(keptDetails({ queue: "q", payload: new JsonText(JSON.stringify([long])) })).toEqual({
    queue: "q",
    cut: { payload: 16_003 },
  });
  expect(keptDetails({ filter: { tag: long }, payload: long })).toEqual({
    cut: { filter: 16_009, payload: 16_001 },
  });
});
