import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText } from "./cut-text.ts";
import type { JsonNode } from "./json-node.ts";
import { parseJson } from "./parse-json.ts";
import { printJson } from "./print-json.ts";

function nodeOf(text: string): JsonNode {
  const parsed = parseJson(text);
  if ("node" in parsed) return parsed.node;
  throw new Error(`${parsed.at}: ${parsed.message}`);
}

test("any JSON is read as JSON.parse reads it, and printed as JSON.stringify prints it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const printed = printJson(nodeOf(text), indent);
      expect(printed).toBe(text);
    }),
  );
});

test("a text is refused exactly if JSON.parse refuses it", () => {
  const bits = fc.constantFrom(
    ...'{ } [ ] , : "a" " \\ \\n 1 - .5 e3 01 tru true null \n'.split(" "),
    " ",
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 12 }), (some) => {
      const text = some.join("");
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      expect("node" in parseJson(text)).toBe(isJson);
    }),
    { numRuns: 2_000 },
  );
});

describe("what JSON.parse would change stays", () => {
  test.each([
    "12345678901234567890",
    "-0",
    "1.0",
    "1e400",
    "0.1000000000000000055511151231257827",
    '{"a":1,"a":2}',
    '{"2":0,"1":0,"__proto__":{"x":1}}',
  ])("%s", (text) => {
    expect(printJson(nodeOf(text))).toBe(text);
  });
});

test("a refusal says where and why", () => {
  expect(parseJson('{"a": 1,}')).toEqual({
    at: 8,
    message: "a key in double quotes must come here",
  });
  expect(parseJson('{"a": tru}')).toEqual({ at: 6, message: "a value must come here" });
  expect(parseJson('["a" 1]')).toEqual({ at: 5, message: "a comma or ] must come here" });
  expect(parseJson("")).toEqual({ at: 0, message: "the text ends here" });
  expect(parseJson("1 2")).toEqual({ at: 2, message: "nothing may come after the value" });
});

test.each([
  ["100,000 arrays in each other", "[".repeat(100_000) + "]".repeat(100_000)],
  ["100,000 objects in each other", '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)],
  ["a string of 1 MiB", JSON.stringify("x\n".repeat(524_288))],
  ["a number of 1 MiB", "9".repeat(1_048_576)],
  ["a list of half a million numbers", `[${"1,".repeat(500_000)}1]`],
])("%s is read and printed", (_, text) => {
  const node = nodeOf(text);
  expect(printJson(node) === text).toBe(true);
  expect(printJson(node, 2).length).toBeGreaterThanOrEqual(text.length);
  expect("at" in parseJson(text.slice(0, -1)) || /^\d+$/.test(text)).toBe(true);
});

test("text is cut between characters", () => {
  expect(cutText("abc", 3)).toBe("abc");
  expect(cutText("abcd", 3)).toBe("ab…");
  expect(cutText("a😀bc", 3)).toBe("a…");
});
