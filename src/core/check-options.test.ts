import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { checkOptions, isName, isWhole, kindOf, oneOf, rule } from "./check-options.ts";

const rules = { name: rule.text, limit: rule.count, mode: oneOf("fast", "safe") };

function check(options: unknown): () => void {
  return () => checkOptions("thing", options, rules);
}

describe("checkOptions", () => {
  test("takes options that follow their rules, and undefined for any of them", () => {
    expect(check({ name: "a", limit: 1, mode: "safe" })).not.toThrow();
    expect(check({ name: undefined })).not.toThrow();
    expect(check({})).not.toThrow();
  });

  test("refuses an option that does not exist and names those that do", () => {
    const error = coded("INVALID_OPTION", 'thing has no option "nmae"; it has name, limit, mode.');
    expect(check({ nmae: "a" })).toThrow(error);
    expect(check({ nmae: "a" })).toThrow(expect.objectContaining({ details: { option: "nmae" } }));
  });

  test("is not fooled by names every object has", () => {
    expect(check({ constructor: 1 })).toThrow(coded("INVALID_OPTION", '"constructor"'));
    expect(check(JSON.parse('{ "__proto__": 1 }'))).toThrow(coded("INVALID_OPTION", "__proto__"));
  });

  test("refuses a value of the wrong kind and says what it must be", () => {
    const says = "thing: limit must be a whole number of at least 1; got 0.";
    expect(check({ limit: 0 })).toThrow(coded("INVALID_OPTION", says));
    expect(check({ mode: "slow" })).toThrow(
      coded("INVALID_OPTION", 'must be "fast" or "safe"; got "slow"'),
    );
    expect(check({ mode: 7 })).toThrow(coded("INVALID_OPTION", "got 7"));
  });

  test.each([[undefined], [null], ["text"], [[]], [1]])("refuses %s for the options", (options) => {
    expect(check(options)).toThrow(coded("INVALID_OPTION", "thing takes an object of options"));
  });
});

describe("rules", () => {
  test.each([
    ["boolean", rule.boolean, [true, false], [0, "true", null]],
    ["count", rule.count, [1, 2 ** 53 - 1], [0, -1, 1.5, Number.NaN, 2 ** 53, "1", 1n]],
    ["function", rule.function, [() => {}], [{}, null]],
    ["object", rule.object, [{}, []], [null, "text", () => {}]],
    ["any", rule.any, [null, 0, "text"], []],
  ])("the rule %s holds for what it says and for nothing else", (_name, given, right, wrong) => {
    expect(right.filter((value) => !given.test(value))).toEqual([]);
    expect(wrong.filter((value) => given.test(value))).toEqual([]);
  });

  test("isWhole keeps to its bounds", () => {
    expect([-1, 0, 9, 10].map((value) => isWhole(value, 0, 9))).toEqual([false, true, true, false]);
  });

  test("a name has 1 to 255 characters, none of them NUL or half of a surrogate pair", () => {
    expect(["a", "é 🙂/:", "x".repeat(255)].filter((name) => !isName(name))).toEqual([]);
    const wrong = ["", "x".repeat(256), "a\u0000", "\ud83d", "\ude42a", 7, null, undefined];
    expect(wrong.filter(isName)).toEqual([]);
  });
});

test.each([
  ["text", '"text"'],
  ["x".repeat(100), `"${"x".repeat(80)}"`],
  [[], "an array"],
  [Object.create(null), "an object"],
  [() => 1, "a function"],
  [null, "null"],
  [undefined, "undefined"],
  [7n, "7"],
  [Symbol("s"), "Symbol(s)"],
])("a wrong value is put in words without ever failing (case %#)", (value, words) => {
  expect(kindOf(value)).toBe(words);
});
