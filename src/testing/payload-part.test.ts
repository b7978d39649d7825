import { expect, test } from "vitest";
import { containsPart } from "./payload-part.ts";

const whole = { to: "ada", deep: { list: [{ a: 1, b: 2 }, 3], none: null } };

test.each([
  [undefined, whole, false],
  [{}, whole, true],
  [{ to: "ada" }, whole, true],
  [{ to: "bob" }, whole, false],
  [{ deep: { none: null } }, whole, true],
  [{ deep: null }, whole, false],
  [{ deep: { list: [{ a: 1 }, 3] } }, whole, true],
  [{ deep: { list: [{ a: 1 }] } }, whole, false],
  [{ deep: { list: { 0: { a: 1 } } } }, whole, false],
  [{ toString: 1 }, whole, false],
  [[], [], true],
  ["text", "text", true],
  [1, "1", false],
  [{}, null, false],
])("%j of %j: %s", (part, of, contained) => {
  expect(containsPart(of, part)).toBe(contained);
});
