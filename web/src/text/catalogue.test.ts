import { expect, test } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { localeFor, preferredLanguage } from "./language.ts";

/** Every text by its path; a function stands for itself. */
function leaves(value: unknown, path = ""): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  const below = Object.entries(value).flatMap(([key, part]) => [...leaves(part, `${path}.${key}`)]);
  return new Map(below);
}

test("no text is empty or has space around it, and no language says more than English", () => {
  for (const catalogue of [en, de]) {
    for (const [path, text] of leaves(catalogue)) {
      if (typeof text === "string") expect(text, path).toMatch(/^\S([\s\S]*\S)?$/);
    }
  }
  expect([...leaves(de).keys()].sort()).toEqual([...leaves(en).keys()].sort());
});

test("the first language the dashboard speaks is taken", () => {
  expect(preferredLanguage(["fr-CH", "de-CH", "en"])).toBe("de");
  expect(preferredLanguage(["fr"])).toBe("en");
  expect(localeFor("en", ["de", "en-GB"])).toBe("en-GB");
  expect(localeFor("de", ["en-GB"])).toBe("de");
});
