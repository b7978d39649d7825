import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { defineJob } from "./define-job.ts";
import { isHoldfastError } from "./errors.ts";
import { encodeJson, type JsonRole } from "./json.ts";
import { JsonText } from "./json-text.ts";
import { newJob, planJobs } from "./new-job.ts";

const role: JsonRole = { called: "payload", invalid: "PAYLOAD_INVALID", maxBytes: 1_048_576 };

function encode(value: unknown): string {
  return encodeJson(value, role);
}

/** The path a refused value is refused at. */
function refusedAt(value: unknown): string {
  try {
    encode(value);
  } catch (error) {
    if (!isHoldfastError(error, "PAYLOAD_INVALID")) throw error;
    return (error.details["issues"] as [{ path: string }])[0].path;
  }
  throw new Error("it was accepted");
}

class Point {
  readonly x = 1;
}

const refused: readonly (readonly [what: string, value: unknown, says: string])[] = [
  ["NUL in text", "a\u0000b", "must not contain NUL"],
  ["a high surrogate alone", "\ud83d", "half of a surrogate pair"],
  ["a low surrogate alone", "\ude42!", "half of a surrogate pair"],
  ["a BigInt", 1n, "bigint cannot be written"],
  ["NaN", Number.NaN, "NaN is not a JSON number"],
  ["infinity", Number.NEGATIVE_INFINITY, "-Infinity is not a JSON number"],
  ["a Date", new Date(0), "a Date would not read back as itself"],
  ["a class instance", new Point(), "a Point would not read back as itself"],
  ["a Map", new Map([[1, 2]]), "a Map would not"],
  ["a Buffer", Buffer.from("x"), "a Buffer would not"],
  ["a boxed string", Object("x"), "a String would not"],
  ["an error", new Error("x"), "a Error would not"],
  ["a promise", Promise.resolve(1), "a Promise would not"],
  ["an array subclass", new (class Row extends Array {})(), "a Row would not"],
  ["a function", () => 1, "function cannot be written"],
  ["a symbol", Symbol("s"), "symbol cannot be written"],
  ["an object with toJSON", { toJSON: () => 1 }, "toJSON would write something else"],
  ["an array with toJSON", Object.assign([1], { toJSON: () => 1 }), "toJSON would write"],
  ["a member under a symbol", { [Symbol("s")]: 1 }, "symbol keys cannot be written"],
  ["an array with named members", Object.assign([1], { index: 0 }), "named members"],
  ["an array with a hole", Object.assign([], { length: 2 }), "undefined cannot be written"],
];

describe("what JSON cannot say is refused", () => {
  test.each(refused)("%s", (_what, value, says) => {
    expect(() => encode([value])).toThrow(coded("PAYLOAD_INVALID", says));
  });

  test.each(refused)("%s, at any depth, by its path", (_what, value) => {
    const shapes = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant({ wrap: value, path: "" }),
        tie("list"),
        tie("object"),
      ),
      list: fc
        .tuple(fc.nat(3), tie("value"))
        .map(([index, inner]) => nest(inner, `[${index}]`, index)),
      object: fc
        .tuple(fc.constantFrom("a", "b"), tie("value"))
        .map(([key, inner]) => nest(inner, `.${key}`, key)),
    }));
    fc.assert(
      fc.property(shapes.value, (shape) => {
        const { wrap, path } = shape as Nested;
        const at = refusedAt({ top: wrap });
        expect(at.startsWith(`top${path}`)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test("keys with NUL or half of a surrogate pair are refused, readable in the path", () => {
    expect(refusedAt({ a: [{ "x\u0000": 1 }] })).toBe('a[0]["x\\u0000"]');
    expect(refusedAt({ "\ud83d": 1 })).toBe('["\\ud83d"]');
  });

  test("keys that are no identifiers stay readable in the path", () => {
    expect(refusedAt({ "first name": { "x.y": [Number.NaN] } })).toBe('["first name"]["x.y"][0]');
  });

  test("the message names the value, the path and the reason, and the issue is in the details", () => {
    const says = "The payload at items[1].price is invalid: NaN is not a JSON number.";
    expect(() => encode({ items: [{}, { price: Number.NaN }] })).toThrow(
      expect.objectContaining({
        message: says,
        details: { issues: [{ path: "items[1].price", message: "NaN is not a JSON number" }] },
      }),
    );
    expect(() => encode(1n)).toThrow(coded("PAYLOAD_INVALID", "The payload is invalid: bigint"));
  });

  test("a cycle is refused where it closes", () => {
    const list: unknown[] = [];
    const value = { list };
    list.push({ back: value });
    expect(refusedAt(value)).toBe("list[0].back");
    expect(() => encode(value)).toThrow(coded("PAYLOAD_INVALID", "it contains itself"));
  });

  test("500 levels are enough", () => {
    const nested = (levels: number) => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level++) value = [value];
      return value;
    };
    expect(encode(nested(500))).toHaveLength(1_001);
    const tooDeep = coded("PAYLOAD_INVALID", "it is nested deeper than 500 levels");
    expect(() => encode(nested(501))).toThrow(tooDeep);
    expect(() => encode(nested(200_000))).toThrow(tooDeep);
  });

  test("a getter or a proxy that throws is refused, its error kept as the cause", () => {
    const cause = new Error("no");
    const hostile = {
      get member() {
        throw cause;
      },
    };
    expect(() => encode(hostile)).toThrow(coded("PAYLOAD_INVALID", "reading it failed"));
    expect(() => encode(hostile)).toThrow(expect.objectContaining({ cause }));
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => encode({ proxy })).toThrow(coded("PAYLOAD_INVALID", "reading it failed"));
  });

  test("the role decides the name and the code", () => {
    const checkpoint: JsonRole = { called: "result", invalid: "RESULT_INVALID", maxBytes: 10 };
    expect(() => encodeJson([1n], checkpoint)).toThrow(
      coded("RESULT_INVALID", "The result at [0]"),
    );
  });
});

describe("what is accepted", () => {
  test("plain data is accepted and reads back deep-equal, but for undefined members and minus zero", () => {
    const text = fc
      .string({ unit: "binary" })
      .filter((made) => !/\u0000|\p{Surrogate}/u.test(made));
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const plain = fc.anything({
      key: text,
      values: [text, number, fc.boolean(), fc.constant(null)],
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(plain, (value) => {
        expect(JSON.parse(encode(value))).toEqual(withoutMinusZero(value));
      }),
      { numRuns: 500 },
    );
  });

  test("whatever it is given, it answers with text that reads back the same or with PAYLOAD_INVALID", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(fc.oneof(anything, fc.string({ unit: "binary" }), fc.object()), (value) => {
        let text: string;
        try {
          text = encode(value);
        } catch (error) {
          expect(isHoldfastError(error, "PAYLOAD_INVALID")).toBe(true);
          return;
        }
        expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
        expect(JSON.parse(text)).toEqual(value === undefined ? null : withoutMinusZero(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test("undefined at the top is null and an undefined member is left out", () => {
    expect(encode(undefined)).toBe("null");
    expect(encode({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test("text that only looks like an escape, and control characters, are kept", () => {
    for (const text of ["\\u0000", "\\ud83d", "C:\\users", "\u0001\u001f\u007f", "🙂", "\ufffe"]) {
      expect(JSON.parse(encode({ [text]: [text] }))).toEqual({ [text]: [text] });
    }
  });

  test("an own __proto__ member is kept as data", () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":"x"}');
    expect(encode(value)).toBe('{"__proto__":{"a":1},"constructor":"x"}');
  });

  test("one object in two places is no cycle", () => {
    const shared = { a: [1] };
    expect(encode([shared, shared, { shared }])).toBe('[{"a":[1]},{"a":[1]},{"shared":{"a":[1]}}]');
  });

  test("objects without a prototype and plain data of another realm are plain", () => {
    expect(encode(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
    expect(encode(runInNewContext("({ a: [1, { b: null }] })"))).toBe('{"a":[1,{"b":null}]}');
    expect(() => encode(runInNewContext("[new Date(0)]"))).toThrow(
      coded("PAYLOAD_INVALID", "Date"),
    );
  });
});

describe("size", () => {
  test("1 MiB of JSON is taken and one byte more is refused with both numbers", () => {
    const limit = role.maxBytes;
    expect(encode("x".repeat(limit - 2))).toHaveLength(limit);
    expect(() => encode("x".repeat(limit - 1))).toThrow(
      coded("PAYLOAD_TOO_LARGE", "The payload is 1048577 bytes of JSON; the limit is 1048576."),
    );
  });

  test("bytes count, not characters", () => {
    const small: JsonRole = { ...role, maxBytes: 10 };
    expect(encodeJson("éééé", small)).toBe('"éééé"');
    expect(() => encodeJson("ééééé", small)).toThrow(
      expect.objectContaining({ details: { bytes: 12, limit: 10 } }),
    );
  });
});

interface Nested {
  readonly wrap: unknown;
  readonly path: string;
}

function nest(inner: unknown, step: string, key: string | number): Nested {
  const { wrap, path } = inner as Nested;
  const before = Array.from({ length: Number(key) || 0 }, (_, index) => index);
  return {
    wrap: typeof key === "number" ? [...before, wrap] : { first: 1, [key]: wrap },
    path: step + path,
  };
}

function withoutMinusZero(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutMinusZero(v)]));
  }
  return Object.is(value, -0) ? 0 : value;
}

describe("a value given as text", () => {
  const exact = '{"id": 12345678901234567890, "a": 1, "a": 2}';

  test("is kept as it is, integers of any size exact", () => {
    expect(encode(new JsonText(exact))).toBe(exact);
    expect(JSON.stringify(new JsonText("[1]"))).toBe("[1]");
  });

  test.each([
    ['["a\\u0000b"]', "must not contain NUL"],
    ['["\\ud83d"]', "half of a surrogate pair"],
    ["[1e400]", "Infinity is not a JSON number"],
    ["[".repeat(502) + "]".repeat(502), "nested deeper"],
  ])("is refused for what JSON values are refused for: %j", (text, says) => {
    expect(() => encode(new JsonText(text))).toThrow(coded("PAYLOAD_INVALID", says));
  });

  test("is refused above the limit", () => {
    const text = JSON.stringify("x".repeat(1_048_576));
    expect(() => encode(new JsonText(text))).toThrow(coded("PAYLOAD_TOO_LARGE"));
  });

  test("is what enqueueing by a definition checks, claims by and stores", async () => {
    const definition = defineJob({
      name: "exact",
      payload: z.object({ id: z.number() }),
      lane: ({ id }) => `lane-${id > 10}`,
    });
    const job = await newJob(
      planJobs(definition, {}),
      new JsonText('{"id":12345678901234567890}'),
      0,
    );
    expect(job.payload).toBe('{"id":12345678901234567890}');
    expect(job.gates?.map(({ gate }) => gate)).toEqual(["lane:lane-true"]);
    expect(() => newJob(planJobs(definition, {}), new JsonText('{"id":"x"}'), 0)).toThrow(
      coded("PAYLOAD_INVALID"),
    );
  });
});
