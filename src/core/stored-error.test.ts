import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HoldfastError } from "./errors.ts";
import { restoreError, type StoredError, storeError } from "./stored-error.ts";

function roundTrip(thrown: unknown): StoredError {
  const stored = storeError(thrown);
  const text = JSON.stringify(stored);
  expect(JSON.parse(text)).toEqual(stored);
  expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
  return stored;
}

function textOf(stored: StoredError): number {
  const inner = [...(stored.cause === undefined ? [] : [stored.cause]), ...(stored.errors ?? [])];
  const own = [stored.name, stored.message, stored.code ?? "", stored.stack ?? ""].join("").length;
  return inner.reduce((sum, error) => sum + textOf(error), own);
}

function countOf(stored: StoredError): number {
  const inner = [...(stored.cause === undefined ? [] : [stored.cause]), ...(stored.errors ?? [])];
  return inner.reduce((sum, error) => sum + countOf(error), 1);
}

/** What a stored and a restored error must agree on. */
function summary(error: StoredError | Error): unknown {
  const { name, message, stack, cause, code, errors } = error as StoredError;
  return {
    name,
    message,
    code,
    stack: stack ?? `${name}: ${message}`,
    ...(cause === undefined ? {} : { cause: summary(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(summary) }),
  };
}

const messages = fc.string({ unit: "binary" });
const errors = fc.letrec<{ thrown: unknown; error: unknown }>((tie) => ({
  thrown: fc.oneof(
    { maxDepth: 3 },
    fc.anything({ withBigInt: true, withNullPrototype: true }),
    tie("error"),
  ),
  error: fc
    .record({
      message: messages,
      cause: tie("thrown"),
      members: fc.option(fc.array(tie("thrown"), { maxLength: 4 })),
      code: fc.anything(),
      name: fc.option(fc.anything()),
      stack: fc.option(messages),
    })
    .map(({ message, cause, members, code, name, stack }) => {
      const error =
        members === null
          ? new Error(message, { cause })
          : new AggregateError(members, message, { cause });
      if (name !== null) Object.assign(error, { name });
      if (stack !== null) Object.assign(error, { stack });
      return Object.assign(error, { code });
    }),
}));

describe("whatever is thrown", () => {
  test("it is stored as JSON that reads back deep-equal, and restored with name, message, code, stack and causes", () => {
    fc.assert(
      fc.property(fc.oneof(errors.thrown, errors.error, fc.anything()), (thrown) => {
        const stored = roundTrip(thrown);
        const restored = restoreError(stored);
        expect(restored).toBeInstanceOf(Error);
        expect(summary(restored)).toEqual(summary(stored));
        expect(storeError(restored)).toMatchObject({ name: stored.name, message: stored.message });
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a string", "plain text", "plain text"],
    ["a number", 7, "7"],
    ["minus zero", -0, "0"],
    ["a BigInt", 7n, "7"],
    ["a symbol", Symbol("odd"), "Symbol(odd)"],
    ["a function", function fail() {}, "function fail"],
    ["a plain object", { status: 500 }, '{"status":500}'],
    ["an object JSON skips", { toJSON: () => undefined }, "[object Object]"],
    ["an object with a BigInt", { big: 1n, small: 2 }, "[object Object] with keys big, small"],
  ])("%s is stored as what it is", (_what, thrown, message) => {
    expect(roundTrip(thrown)).toEqual({ name: "NonErrorThrown", message });
  });

  test("a cyclic object is stored by its keys", () => {
    const cyclic: Record<string, unknown> = { id: 1 };
    cyclic["self"] = cyclic;
    expect(roundTrip(cyclic).message).toBe("[object Object] with keys id, self");
  });

  test("proxies, revoked proxies, getters and conversions that throw never make storing throw", () => {
    const trap = () => {
      throw new Error("trap");
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const revokedFunction = Proxy.revocable(() => {}, {});
    revokedFunction.revoke();
    const hostile = [
      new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap }),
      new Proxy(new Error("x"), { get: trap }),
      revoked.proxy,
      revokedFunction.proxy,
      Object.defineProperty(new Error("x"), "message", { get: trap }),
      Object.defineProperty(new Error("x"), "cause", { get: trap }),
      Object.assign(new Error("x"), {
        message: {
          toJSON: trap,
          get [Symbol.toStringTag]() {
            return trap();
          },
        },
      }),
      Object.defineProperty(() => {}, "name", { value: Symbol("s") }),
    ];
    for (const thrown of hostile) {
      expect(roundTrip(thrown)).toEqual({
        name: "UnreadableError",
        message: "Something was thrown that cannot be read.",
      });
    }
  });

  test("one unreadable cause does not spoil the error around it", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const stored = roundTrip(new Error("around", { cause: proxy }));
    expect(stored).toMatchObject({ message: "around", cause: { name: "UnreadableError" } });
  });
});

describe("an error", () => {
  test("keeps name, message, code, stack and its chain of causes", () => {
    const root = Object.assign(new TypeError("root"), { code: 42 });
    const top = new HoldfastError("STORAGE_FAILED", "top", {
      cause: new Error("middle", { cause: root }),
    });
    expect(roundTrip(top)).toMatchObject({
      name: "HoldfastError",
      message: "top",
      code: "STORAGE_FAILED",
      stack: top.stack,
      cause: { message: "middle", cause: { name: "TypeError", message: "root", code: "42" } },
    });
    const restored = restoreError(storeError(top));
    expect(restored).toMatchObject({
      name: "HoldfastError",
      message: "top",
      code: "STORAGE_FAILED",
    });
    expect(restored.cause).toMatchObject({ message: "middle", cause: { name: "TypeError" } });
  });

  test("keeps the members of an AggregateError, in order, whatever they are", () => {
    const stored = roundTrip(new AggregateError([new Error("a"), undefined, "b", null], "all"));
    expect(stored.errors?.map(({ message }) => message)).toEqual(["a", "undefined", "b", "null"]);
    const restored = restoreError(stored);
    expect(restored).toBeInstanceOf(AggregateError);
    expect((restored as AggregateError).errors).toHaveLength(4);
  });

  test("of another realm or library is known by its message and stack", () => {
    const stored = roundTrip({ message: "foreign", stack: "at x", name: "" });
    expect(stored).toEqual({ name: "Error", message: "foreign", stack: "at x" });
  });

  test("whose stack or code is no text is stored without", () => {
    const odd = Object.assign(new Error("x"), { stack: undefined, code: { a: 1 } });
    expect(roundTrip(odd)).toEqual({ name: "Error", message: "x" });
  });

  test("without a stack is restored with its name and message in place of one", () => {
    expect(restoreError({ name: "Odd", message: "m" }).stack).toBe("Odd: m");
  });

  test("whose message is undefined or an object is stored with what can be read of it", () => {
    expect(roundTrip(Object.assign(new Error("x"), { message: undefined })).message).toBe("");
    expect(roundTrip(Object.assign(new Error("x"), { message: { a: 1 } })).message).toBe('{"a":1}');
  });
});

describe("size", () => {
  test("text is cut to 8192 characters and names to 255, with NUL and lone surrogates replaced", () => {
    const error = new Error(`a\u0000b\ud83d${"x".repeat(20_000)}`);
    error.name = "N".repeat(1_000);
    const stored = roundTrip(error);
    expect(stored.message).toBe(`a\ufffdb\ufffd${"x".repeat(8_188)}`);
    expect(stored.stack).toHaveLength(8_192);
    expect(stored.name).toHaveLength(255);
    expect(roundTrip("🙂".repeat(5_000)).message).toHaveLength(8_192);
    expect(roundTrip(`x${"🙂".repeat(5_000)}`).message.at(-1)).toBe("\ufffd");
  });

  test("however large and however many, an error takes at most 32768 characters and 16 errors", () => {
    const huge = (depth: number): Error =>
      depth === 0
        ? new Error("x".repeat(10_000))
        : new AggregateError(
            Array.from({ length: 5 }, () => huge(depth - 1)),
            "x".repeat(10_000),
            { cause: huge(depth - 1) },
          );
    const stored = roundTrip(huge(3));
    expect(countOf(stored)).toBeLessThanOrEqual(16);
    expect(textOf(stored)).toBeLessThanOrEqual(32_768 + 16 * "Error".length);
  });

  test("a bearer token is not kept", () => {
    const token = `eyJ${"a-b_c.".repeat(40)}==`;
    const error = new Error(`Headers: [authorization, Bearer ${token}] (bearer authentication)`);
    const stored = JSON.stringify(storeError(error));
    expect(stored).not.toContain("eyJ");
    expect(stored).toContain("Bearer ***] (bearer authentication)");
  });

  test("a cycle of causes ends", () => {
    const first = new Error("first");
    const second = new Error("second", { cause: first });
    first.cause = second;
    expect(roundTrip(first).cause).toMatchObject({ message: "second" });
    expect(roundTrip(first).cause?.cause).toBeUndefined();
  });

  test("an AggregateError that holds itself ends, and one error held twice is kept twice", () => {
    const shared = new Error("shared");
    const all = new AggregateError([shared, shared], "all");
    all.errors.push(all);
    expect(roundTrip(all).errors?.map(({ message }) => message)).toEqual(["shared", "shared"]);
  });

  test("a chain of causes without end is cut", () => {
    const endless = (): object => ({
      message: "m",
      stack: "s",
      get cause() {
        return endless();
      },
    });
    expect(countOf(roundTrip(endless()))).toBe(16);
  });
});
