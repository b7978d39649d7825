import { marker } from "./hide-json.ts";
import { createValueFinder, type ValueFinder } from "./value-finder.ts";

/** Takes hidden values out of any text. */
export type Scrubber = (text: string) => string;

/** Shorter ones stand in any text by chance. */
const shortest = 4;
const mostValues = 5_000;

/**
 * A scrubber of some values: text of at least four characters and numbers of at least four digits, as they are, as JSON writes them
 * and as URLs do, whatever the case of their ASCII letters. With too many values to look for, nothing of a text is left; where a very
 * long one begins, nothing from there on.
 */
export function createScrubber(values: Iterable<string>): Scrubber {
  const needles = new Set<string>();
  for (const value of values) {
    for (const form of formsOf(value)) needles.add(lower(form));
    if (needles.size > mostValues) return (text) => (text === "" ? "" : marker);
  }
  const finder = createValueFinder([...needles]);
  if (finder === undefined) return (text) => (text === "" ? "" : marker);
  return needles.size === 0 ? (text) => text : (text) => scrub(text, finder);
}

function formsOf(value: string): readonly string[] {
  const plain = value.trim();
  if (/^-?[\d.]+([eE][+-]?\d+)?$/.test(plain)) {
    return [plain, String(Number(plain))]
      .map(unsigned)
      .filter((form) => form.replaceAll(/\D/g, "").length >= shortest);
  }
  if (plain.length < shortest) return [];
  const written = JSON.stringify(plain).slice(1, -1);
  return /[^\w.~-]/.test(plain) ? [plain, written, ...encoded(plain)] : [plain];
}

function unsigned(number: string): string {
  return number.replace(/^-/, "");
}

/** Half a surrogate pair stands in no URL. */
function encoded(value: string): readonly string[] {
  return /\p{Surrogate}/u.test(value) ? [] : [encodeURIComponent(value)];
}

/** Letters of ASCII only, so that places in a text stay the same. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Hidden values may overlap in a text; what any of them covers is left out. */
function scrub(text: string, finder: ValueFinder): string {
  let shown = 0;
  const parts = finder.find(lower(text), shortest).map(([from, to]) => {
    const before = text.slice(shown, from);
    shown = to;
    return before + marker;
  });
  return parts.join("") + text.slice(shown);
}

/** The texts in a value of JSON, scrubbed: keys, strings, and numbers that are hidden. */
export function scrubValue(value: unknown, scrubber: Scrubber): unknown {
  if (typeof value === "string") return scrubber(value);
  if (typeof value === "number") {
    const text = String(value);
    return scrubber(text) === text ? value : marker;
  }
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, scrubber));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [scrubber(key), scrubValue(member, scrubber)]),
  );
}
