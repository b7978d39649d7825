import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { errorCatalogue } from "../../src/core/errors.ts";
import { problems as germanProblems } from "../../web/src/text/de/problems.ts";

const languages = { German: germanProblems };

/** The rooms that a request passes through. */
const rooms = ["dashboard", "client", "service", "cron", "storage", "cli/dashboard"];

/** Codes those rooms name although no request is refused with them. */
const neverAnswered = [
  // A client inside a transaction of its own, or waiting for a job.
  "TRANSACTION_OPEN",
  "JOB_DISCARDED",
  "JOB_CANCELLED",
  "WAIT_TIMEOUT",
  // Opening a database, and importing into one.
  "DRIVER_MISSING",
  "DATABASE_NOT_EMPTY",
  // What workers write down.
  "SCHEDULE_FAILED",
];

function codesNamed(): readonly string[] {
  const quoted = rooms
    .flatMap(textsOf)
    .flatMap((text) => text.match(/(?<=")[A-Z_]+(?=")|\b[A-Z_]+(?=:)/g) ?? []);
  const named = new Set<string>(quoted);
  return Object.keys(errorCatalogue).filter((code) => named.has(code));
}

function textsOf(room: string): readonly string[] {
  const folder = fileURLToPath(new URL(`../../src/${room}/`, import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(folder + file, "utf8"));
}

test("the list of codes no request is refused with names codes there are", () => {
  expect(codesNamed()).toEqual(expect.arrayContaining(neverAnswered));
});

describe.each(Object.entries(languages))("in %s", (_, problems) => {
  test("every code that the dashboard's API can answer with has words", () => {
    const answered = codesNamed().filter((code) => !neverAnswered.includes(code));
    expect(answered.length).toBeGreaterThan(30);
    expect(answered.filter((code) => !Object.hasOwn(problems, code))).toEqual([]);
  });

  test.each(Object.entries(problems))("%s is named, and says what to do", (_code, words) => {
    expect(words.title).toMatch(/^\p{Lu}.*[^.]$/u);
    expect(words.fix).toMatch(/^\p{Lu}.*\.$/u);
  });
});
