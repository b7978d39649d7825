import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { checkUnique, type UniqueOptions, uniqueClaim } from "./unique.ts";

const now = 1_000;

function keyOf(key: unknown, input?: unknown): string {
  return uniqueClaim({ key } as UniqueOptions<never>, input, now).key;
}

/** The same content with the members of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(members.toReversed());
}

describe("a unique key", () => {
  test("is text as it stands, or the canonical JSON of anything else", () => {
    expect(keyOf("a@b.example")).toBe("a@b.example");
    expect(keyOf(7)).toBe("7");
    expect(keyOf(["b", { d: 1, c: [null] }])).toBe('["b",{"c":[null],"d":1}]');
  });

  test("may be a function of the payload", () => {
    expect(keyOf((input: { id: string }) => input.id, { id: "x" })).toBe("x");
  });

  test("is equal for equal content, whatever the order of the members", () => {
    const text = fc.string({ maxLength: 5 });
    const content = fc.object({
      key: text,
      values: [text, fc.integer(), fc.constant(null)],
      maxKeys: 4,
      maxDepth: 2,
    });
    fc.assert(
      fc.property(content, (value) => {
        fc.pre(JSON.stringify(value).length <= 255);
        fc.pre(!JSON.stringify(value).includes("\\u"));
        expect(keyOf(reversed(value))).toBe(keyOf(value));
        expect(JSON.parse(keyOf(value))).toEqual(value);
      }),
    );
  });

  test("differs for different content", () => {
    expect(keyOf({ a: 1 })).not.toBe(keyOf({ a: 2 }));
    expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
    expect(keyOf({ a: undefined })).toBe(keyOf({}));
  });

  test.each([
    ["undefined", undefined],
    ["empty", ""],
    ["longer than 255", "x".repeat(256)],
    ["text with NUL", "a\u0000"],
    ["half of a surrogate pair", "\ud83d"],
  ])("that comes to %s is refused", (_what, key) => {
    expect(() => keyOf(() => key)).toThrow(
      coded("INVALID_OPTION", "must come to 1 to 255 characters"),
    );
  });

  test.each([
    ["a BigInt", 1n],
    ["NaN", Number.NaN],
    ["a function", () => 1],
    ["a Map, whose content JSON does not show", new Map([[1, 2]])],
    ["a Date", new Date(0)],
  ])("that holds %s is refused by path instead of colliding", (_what, part) => {
    expect(() => keyOf(() => ({ part }))).toThrow(
      coded("INVALID_OPTION", "The unique key at part is invalid"),
    );
  });

  test("that contains itself is refused", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => keyOf(cyclic)).toThrow(coded("INVALID_OPTION", "contains itself"));
  });
});

describe("a unique claim", () => {
  test("is held while unfinished, for good until then, and skips on conflict unless said otherwise", () => {
    expect(uniqueClaim({ key: "k" }, {}, now)).toEqual({
      key: "k",
      while: "unfinished",
      until: null,
      onConflict: "skip",
    });
  });

  test("carries what was said; within counts from the enqueue", () => {
    const options = { key: "k", while: "waiting", within: "1h", onConflict: "replace" } as const;
    expect(uniqueClaim(options, {}, now)).toEqual({
      key: "k",
      while: "waiting",
      until: now + 3_600_000,
      onConflict: "replace",
    });
  });
});

describe("checkUnique", () => {
  test.each<readonly [unknown, string]>([
    [{}, "unique needs a key"],
    [{ key: undefined }, "unique needs a key"],
    [{ key: "k", while: "running" }, "while must be"],
    [{ key: "k", onConflict: "merge" }, "onConflict must be"],
    [{ key: "k", within: "soon" }, "unique.within must be a duration"],
    [{ key: "k", ttl: 1 }, 'unique has no option "ttl"'],
    [[], "unique takes an object of options"],
  ])("refuses what is wrong, by name (case %#)", (options, says) => {
    expect(() => checkUnique(options as UniqueOptions<never>)).toThrow(
      coded("INVALID_OPTION", says),
    );
  });

  test('onConflict "replace" needs while: "waiting"', () => {
    const replace = (held?: string) => ({ key: "k", onConflict: "replace", while: held });
    for (const held of [undefined, "unfinished", "ever"]) {
      expect(() => checkUnique(replace(held) as UniqueOptions<never>)).toThrow(
        coded("INVALID_OPTION", 'needs while: "waiting"'),
      );
    }
    expect(() => checkUnique(replace("waiting") as UniqueOptions<never>)).not.toThrow();
  });

  test("takes every option there is", () => {
    const options = { key: () => 1, while: "ever", within: 5, onConflict: "error" } as const;
    expect(() => checkUnique(options)).not.toThrow();
  });
});
