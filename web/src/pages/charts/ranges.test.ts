import { expect, test } from "vitest";
import { readRange, seriesQuery, zoomTo } from "./ranges.ts";

const read = (text: string) => readRange(new URLSearchParams(text));
const now = 1_800_000_059_999;
const minute = 1_800_000_000_000;

test("an address that says nothing, or nonsense, means the last hour", () => {
  const hour = { range: "1h", zoom: undefined };
  for (const text of ["", "range=2h", "range=toString", "from=9&to=3", "from=-1&to=x"]) {
    expect(read(text)).toEqual(hour);
  }
  expect(read("range=7d&from=1&to=2")).toEqual({ range: "7d", zoom: { from: 1, to: 2 } });
});

test("what is asked for is the same for a minute and ends with the last full one", () => {
  const asked = { from: minute - 3_600_000, to: minute, step: "1m" };
  expect(seriesQuery(read(""), now)).toEqual(asked);
  expect(seriesQuery(read(""), minute)).toEqual(asked);
});

test("where only hours are kept, a zoomed chart asks for hours", () => {
  const recent = zoomTo(now - 600_000, now);
  expect(seriesQuery({ range: "1h", zoom: recent }, now)).toEqual(recent);
  const old = zoomTo(now - 3 * 86_400_000, now - 2 * 86_400_000);
  expect(seriesQuery({ range: "7d", zoom: old }, now)).toEqual({ ...old, step: "1h" });
});

test("a narrow drag becomes five whole minutes", () => {
  expect(zoomTo(minute + 1, minute + 2)).toEqual({ from: minute, to: minute + 300_000 });
});
