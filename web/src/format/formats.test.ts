import { describe, expect, test } from "vitest";
import { durationParts } from "./duration-parts.ts";
import { makeFormats } from "./formats.ts";
import { oneFullStop } from "./one-full-stop.ts";

const english = makeFormats("en");
const german = makeFormats("de");

describe("durations", () => {
  test.each([
    [0, "0ms"],
    [999.4, "999ms"],
    [1_000, "1s"],
    [4_290, "4.2s"],
    [12_900, "12s"],
    [65_000, "1m 5s"],
    [3_600_000, "1h"],
    [3_905_000, "1h 5m"],
    [200_000_000, "2d 7h"],
    [-5, "0ms"],
  ])("%d ms is %s", (ms, text) => {
    expect(english.duration(ms)).toBe(text);
  });

  test("are written out inside sentences", () => {
    expect(english.durationInWords(65_000)).toBe("1 minute 5 seconds");
    expect(german.durationInWords(240_000)).toBe("4 Minuten");
  });

  test("have the reader's words and point", () => {
    expect(german.duration(4_290)).toMatch(/^4,2/);
    expect(durationParts(60_000)).toEqual([{ value: 1, unit: "minute" }]);
  });
});

describe("distances in time", () => {
  test.each([
    [-400, "now"],
    [-59_999, "59 sec. ago"],
    [-60_000, "1 min. ago"],
    [7_300_000, "in 2 hr."],
    [86_400_000, "tomorrow"],
  ])("%d ms away is %s", (distance, text) => {
    expect(english.relative(1e12 + distance, 1e12)).toBe(text);
  });
});

test("a sentence that ends with an abbreviation has one full stop", () => {
  expect(oneFullStop("Begonnen vor 45 Sek.. Er läuft …")).toBe("Begonnen vor 45 Sek. Er läuft …");
  expect(oneFullStop("seit 2 Min..")).toBe("seit 2 Min.");
  expect(oneFullStop("../etc ... and so on")).toBe("../etc ... and so on");
});

test("sizes go up by thousands", () => {
  expect(english.bytes(128)).toBe("128 bytes");
  expect(english.bytes(4_200_000)).toBe("4.2 MB");
  expect(german.bytes(4_200_000)).toMatch(/^4,2\sMB$/);
});

test("UTC is the same in every language", () => {
  expect(german.utc(0)).toBe("1970-01-01 00:00:00.000 UTC");
});
