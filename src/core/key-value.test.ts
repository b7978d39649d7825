import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { keyValue } from "./key-value.ts";

test("a key is itself, or what its function makes of the payload", () => {
  expect(keyValue("lane", "a", { b: 1 })).toBe("a");
  expect(keyValue("lane", ({ b }: { b: number }) => b, { b: 1 })).toBe(1);
});

test.each([
  [new Error("no tenant"), "lane threw, given the payload as it is stored: no tenant"],
  ["no tenant", "lane threw, given the payload as it is stored: no tenant"],
])("a function that throws is told by its option (case %#)", (thrown, says) => {
  const fails = (): never => {
    throw thrown as Error;
  };
  expect(() => keyValue("lane", fails, {})).toThrow(coded("INVALID_OPTION", says));
});
