import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Rgb = readonly [number, number, number];

/** Linear light of a colour as CSS defines OKLCH; what no screen shows is brought to the edge of what one does. */
function linearRgb(lightness: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const css = readFileSync(new URL("../../web/src/style/tokens.css", import.meta.url), "utf8");
const both =
  /--([\w-]+): light-dark\(oklch\(([\d.]+) ([\d.]+) ([\d.]+)\), oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)\)/g;
const tokens = new Map<string, { readonly light: Rgb; readonly dark: Rgb }>();
for (const [, name = "", ...numbers] of css.matchAll(both)) {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
  tokens.set(name, { light: linearRgb(a, b, c), dark: linearRgb(d, e, f) });
}

const states = "scheduled available blocked running retryable completed cancelled discarded";
const backgrounds = ["canvas", "surface", "raised"];

/** Texts need 4.5, marks and edges of inputs 3: WCAG's AA. */
const pairs = [
  ...backgrounds.flatMap((under) => [
    ...["ink", "ink-soft", "accent", "danger", "warning"].map(
      (over) => [over, under, 4.5] as const,
    ),
    ["line-strong", under, 3] as const,
    ["focus", under, 3] as const,
  ]),
  ...["accent", "danger", "warning"].map((name) => [name, `${name}-tint`, 4.5] as const),
  ...["ink", "ink-soft", "warning"].map((name) => [name, "warning-tint", 4.5] as const),
  ["ink", "accent-tint", 4.5] as const,
  ["ink-soft", "accent-tint", 4.5] as const,
  ["accent-ink", "accent", 4.5] as const,
  ["danger-ink", "danger", 4.5] as const,
  ...states
    .split(" ")
    .flatMap((state) => [
      [`${state}-ink`, `${state}-tint`, 4.5] as const,
      [`${state}-ink`, "surface", 4.5] as const,
      [state, "surface", 3] as const,
      [state, "canvas", 3] as const,
    ]),
];

describe.each(["light", "dark"] as const)(
  "in the %s theme there is enough contrast of",
  (theme) => {
    test.each(pairs)("%s on %s", (over, under, least) => {
      const [front, back] = [tokens.get(over)?.[theme], tokens.get(under)?.[theme]];
      if (front === undefined || back === undefined)
        throw new Error(`no token ${over} or ${under}`);
      expect(contrast(front, back)).toBeGreaterThanOrEqual(least);
    });
  },
);
