import { expect, test } from "vitest";
import { faultOf } from "./check-json.ts";
import type { Schema } from "./route.ts";

const text = { type: "string" };
const closed: Schema = {
  type: "object",
  properties: { a: text, b: { type: ["integer", "null"] } },
  required: ["a"],
  additionalProperties: false,
};

test.each<[Schema, unknown]>([
  [{}, undefined],
  [{ type: "null" }, null],
  [{ type: "boolean" }, false],
  [{ type: "number", minimum: 0, maximum: 1 }, 0.5],
  [{ type: "integer" }, 3],
  [{ type: "string", minLength: 1, maxLength: 2 }, "ab"],
  [{ type: "array", items: text, minItems: 1, maxItems: 2 }, ["a", "b"]],
  [{ enum: ["a", null] }, null],
  [{ const: null }, null],
  [closed, { a: "x" }],
  [closed, { a: "x", b: null }],
  [{ type: "object", additionalProperties: true }, { z: 1 }],
  [{ type: "object", additionalProperties: text }, { z: "1" }],
  [{ description: "anything" }, 1],
  // Keywords of one type say nothing of another.
  [{ minimum: 5, minLength: 5, minItems: 5, required: ["a"], items: text }, false],
])("%j takes %j", (schema, value) => {
  expect(faultOf(schema, value, "body")).toBeUndefined();
});

test.each<[Schema, unknown, string]>([
  [{ type: "object" }, [], "body must be an object; got an array"],
  [{ type: "object" }, null, "body must be an object; got null"],
  [{ type: "array" }, {}, "body must be a list; got an object"],
  [{ type: ["string", "null"] }, 1, "body must be text or null; got 1"],
  [{ type: "integer" }, 1.5, "body must be a whole number; got 1.5"],
  [{ type: "integer" }, 2 ** 53, "body must be a whole number; got 9007199254740992"],
  [{ minimum: 1 }, 0, "body must be at least 1"],
  [{ maximum: 9 }, 10, "body must be at most 9"],
  [{ minLength: 1 }, "", "body must have at least 1 characters"],
  [{ maxLength: 1 }, "ab", "body must have at most 1 characters"],
  [{ minItems: 1 }, [], "body must have at least 1 items"],
  [{ maxItems: 1 }, [1, 2], "body must have at most 1 items"],
  [{ items: text }, ["a", 1], "body[1] must be text; got 1"],
  [{ enum: ["a", "b"] }, "c", 'body must be "a" or "b"'],
  [{ const: null }, 0, "body must be null"],
  [closed, {}, "body must have a"],
  [closed, { a: 1 }, "body.a must be text; got 1"],
  [closed, { a: "x", c: 1 }, 'body has no "c"; it has a, b'],
  [closed, JSON.parse('{"a":"x","__proto__":1}'), 'body has no "__proto__"; it has a, b'],
  [closed, JSON.parse('{"a":"x","constructor":1}'), 'body has no "constructor"; it has a, b'],
  [{ type: "object", additionalProperties: false }, { a: 1 }, 'body has no "a"'],
  [{ additionalProperties: text }, { z: 1 }, "body.z must be text; got 1"],
])("%j refuses %j", (schema, value, fault) => {
  expect(faultOf(schema, value, "body")).toBe(fault);
});

test("a keyword that nothing checks is a defect, not a hole", () => {
  expect(() => faultOf({ pattern: "a" }, "a", "body")).toThrow("pattern");
  expect(() => faultOf({ toString: 1 }, "a", "body")).toThrow("toString");
});
