import { expect, test, vi } from "vitest";
import { KeyMap, type Press } from "./key-map.ts";

const press = (key: string, more: Partial<Press> = {}): Press => {
  return { key, ctrlKey: false, metaKey: false, altKey: false, typing: false, ...more };
};

test("a key, a sequence and a chord find their actions", () => {
  const map = new KeyMap();
  const [help, jobs, palette] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
  map.add("?", help);
  map.add("g j", jobs);
  map.add("mod+k", palette);
  expect(map.find(press("?"), 0)).toBe(help);
  expect(map.find(press("j"), 0)).toBeUndefined();
  expect(map.find(press("g"), 10)).toBeUndefined();
  expect(map.find(press("j"), 20)).toBe(jobs);
  expect(map.find(press("K", { metaKey: true }), 30)).toBe(palette);
});

test("a sequence that takes too long, or is broken, leads nowhere", () => {
  const map = new KeyMap();
  map.add("g j", vi.fn<() => void>());
  map.find(press("g"), 0);
  expect(map.find(press("j"), 5_000)).toBeUndefined();
  map.find(press("g"), 6_000);
  map.find(press("x"), 6_010);
  expect(map.find(press("j"), 6_020)).toBeUndefined();
});

test("who writes types letters, but may still open the palette", () => {
  const map = new KeyMap();
  const palette = vi.fn<() => void>();
  map.add("?", vi.fn<() => void>());
  map.add("mod+k", palette);
  expect(map.find(press("?", { typing: true }), 0)).toBeUndefined();
  expect(map.find(press("k", { typing: true, ctrlKey: true }), 0)).toBe(palette);
});

test("the later of two wins, and the earlier is back when it goes", () => {
  const map = new KeyMap();
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];
  map.add("r", first);
  const remove = map.add("r", second);
  expect(map.find(press("r"), 0)).toBe(second);
  remove();
  expect(map.find(press("r"), 0)).toBe(first);
});
