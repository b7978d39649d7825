import { expect, test, vi } from "vitest";
import { first as firstGerman } from "./de/first.ts";
import { de } from "./de.ts";
import { first } from "./en/first.ts";
import { en } from "./en.ts";
import { lazyCatalogue } from "./lazy-catalogue.ts";

test("what is there at once is what the whole catalogue says", () => {
  expect(en).toMatchObject(first);
  const { problems, ...texts } = firstGerman;
  expect(de).toMatchObject(texts);
  expect(problems).toBeDefined();
});

test("the rest is asked for when one of its texts is", () => {
  const read = vi.fn<() => typeof en>(() => en);
  const text = lazyCatalogue(first, { read });
  expect(text.overview.title).toBe(en.overview.title);
  expect(read).not.toHaveBeenCalled();
  const { job, words } = text;
  expect([job, words]).toEqual([en.job, en.words]);
  expect(read).toHaveBeenCalledOnce();
});

test.each([en, de])("the bar calls pages as they call themselves", (catalogue) => {
  const titles = Object.entries(catalogue.shell.titles);
  const own: Readonly<Record<string, object>> = catalogue;
  expect(titles.map(([area]) => own[area])).toMatchObject(titles.map(([, title]) => ({ title })));
});
