import { expect, test } from "vitest";
import { redact } from "./redact.ts";

test.each([
  ["postgres://ada:hunter2@db:5432/app", "postgres://ada:***@db:5432/app"],
  ["at postgresql://ada:p@ss/w:rd@db/app, and on", "at postgresql://ada:***@db/app, and on"],
  [
    "postgres://db/app?user=ada&password=hunter2&ssl=1",
    "postgres://db/app?user=ada&password=***&ssl=1",
  ],
  ["'postgres://a:b@c' and 'redis://:d@e'", "'postgres://a:***@c' and 'redis://:***@e'"],
  ["sqlite:jobs.db", "sqlite:jobs.db"],
  ["see https://example.com/a:b", "see https://example.com/a:b"],
  ["postgres://ada@db/app", "postgres://ada@db/app"],
])("%s is shown as %s", (text, shown) => {
  expect(redact(text)).toBe(shown);
});
