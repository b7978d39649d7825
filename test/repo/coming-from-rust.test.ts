import { expect, test } from "vitest";
import { missing, readLinkedTests } from "./docs/linked-tests.ts";

const rows = readLinkedTests("coming-from-rust.md");

/** Rows whose tests are being built elsewhere. It must become empty: link the tests as soon as they are here. */
const notMergedYet = [
  "`queue_id` lane",
  "batching",
  "isolation helpers",
  "cap per type",
  "awaiting many",
  "clock",
  "router",
  "rate limiter",
  "work in threads",
  "cluster slots",
  "workers in any language",
  "12: children outlive their jobs; a reply settles another job",
  "3, 4: permits of a limit were given back twice, or never",
  "16: jobs of one sequence ran side by side",
  "43: a job that waited for a permit was not woken when one was given back",
  "51: keys and permits were locked in different orders",
  "55: a limit halved the throughput of everything",
];

const isElsewhere = (file: string): boolean => file === "left to" || file === "none here";
const waiting = rows.filter(({ file, linked }) => !linked && !isElsewhere(file));

test("docs/coming-from-rust.md has a row for everything the four systems can do", () => {
  const claims = new Set(rows.map(({ claim }) => claim));
  expect(claims.size).toBeGreaterThan(120);
  expect(claims).not.toContain("");
});

test("docs/coming-from-rust.md links to tests that exist", () => {
  const advice = "the test was renamed or removed: change the row, or bring it back";
  expect(missing(rows.filter(({ linked }) => linked)), advice).toEqual([]);
});

test("docs/coming-from-rust.md says of a row which other issue it is left to", () => {
  const left = rows.filter(({ file }) => file === "left to");
  expect(left.filter(({ title }) => !/^the issue on .+/.test(title))).toEqual([]);
});

test("docs/coming-from-rust.md waits for no tests but those known to be on their way, and for none that are here", () => {
  expect([...new Set(waiting.map(({ claim }) => claim))]).toEqual(notMergedYet);
  const named = waiting.filter(({ file }) => file !== "not yet");
  const absent = missing(named);
  const here = named.filter(({ file, title }) => !absent.includes(`${file}: ${title}`));
  expect(here, "it is here by now: make it a link, and take its row from the list").toEqual([]);
});
