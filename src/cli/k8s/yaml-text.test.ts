import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Value } from "./manifest.ts";
import { yamlText } from "./yaml-text.ts";

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "yes",
      "No",
      "null",
      "~",
      "1e3",
      "e-0",
      "0x1f",
      "12:30",
      "- a",
      "a: b",
      "#c",
      "",
    ),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

test.each(["1.1", "1.2"] as const)(
  "what is written reads as what it was, in YAML %s",
  (version) => {
    const values = fc.dictionary(fc.string(), value, { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(values, (written) => {
        expect(
          parse(yamlText(written), { version, schema: version === "1.1" ? "yaml-1.1" : "core" }),
        ).toEqual(written);
      }),
    );
  },
);

test("plain words are left as they are", () => {
  expect(yamlText({ kind: "Job", items: [{ a: "b/c", n: 1 }, "d"], none: [], empty: {} })).toBe(
    'kind: Job\nitems:\n  - a: b/c\n    "n": 1\n  - d\nnone: []\nempty: {}\n',
  );
});
