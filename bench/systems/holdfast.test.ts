import { expect, test } from "vitest";
import { claimCall } from "../../src/storage/postgres/engine/claim-statement.ts";
import { claimPattern } from "./holdfast.ts";

test("the statement that claims is known by its pattern, or no buffers are counted", () => {
  expect(claimCall("holdfast")).toMatch(new RegExp(claimPattern));
});
