import fc from "fast-check";
import { expect, test } from "vitest";
import { createValueFinder } from "./value-finder.ts";

const least = 3;

/** The same, by looking at every place for every value. */
function slowly(text: string, values: readonly string[]): readonly boolean[] {
  const covered = Array.from({ length: text.length }, () => false);
  for (let at = 0; at < text.length; at++) {
    const left = text.slice(at);
    for (const value of values) {
      const isCut = left.length >= least && value.startsWith(left);
      if (text.startsWith(value, at)) covered.fill(true, at, at + value.length);
      else if (isCut) covered.fill(true, at);
    }
  }
  return covered;
}

test("it finds what looking everywhere for everything finds, and its parts stand apart", () => {
  const words = fc.string({
    unit: fc.constantFrom("a", "b", "😀", "😁"),
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), fc.array(words), (values, parts) => {
      const text = parts.join("");
      const spans = createValueFinder(values)?.find(text, least) ?? [];
      const covered = Array.from({ length: text.length }, () => false);
      let end = -1;
      for (const [from, to] of spans) {
        expect(from).toBeGreaterThan(end);
        covered.fill(true, from, to);
        end = to;
      }
      expect(covered).toEqual(slowly(text, values));
    }),
    { numRuns: 2_000 },
  );
});

test("of a very long value the beginning is enough, and all that follows counts", () => {
  const long = "ab".repeat(50_000);
  const finder = createValueFinder([long, "xyz"]);
  const text = `xyz ${long} more`;
  expect(finder?.find(text, least)).toEqual([
    [0, 3],
    [4, text.length],
  ]);
  expect(finder?.find(`- ${long.slice(0, 500)} -`, least)).toEqual([]);
  expect(finder?.find(`- ${long.slice(0, 500)}`, least)).toEqual([[2, 502]]);
});

test("what repeats itself takes no longer, and too much is not looked for", () => {
  const repeats = Array.from({ length: 200 }, (_, nth) => `${"a".repeat(800 + nth)}b`);
  const alike = Array.from({ length: 4_900 }, (_, nth) => `aaaab${nth}`);
  const began = performance.now();
  for (const values of [repeats, alike]) {
    expect(createValueFinder(values)?.find("a".repeat(200_000), 2_000)).toEqual([]);
  }
  expect(performance.now() - began).toBeLessThan(10_000);
  const many = Array.from({ length: 300 }, (_, nth) => `${nth} ${"x".repeat(2_000)}`);
  expect(createValueFinder(many)).toBeUndefined();
});
