import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobConditions } from "../../../core/job-filter.ts";
import { sqliteStorage } from "../sqlite-storage.ts";
import { countJobs } from "./count-jobs.ts";
import type { SqliteHandle } from "./handle.ts";
import { loadSqlite } from "./load-sqlite.ts";
import type { Session } from "./session.ts";

let folder: string;
let handle: SqliteHandle;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "holdfast-counts-"));
  const file = path.join(folder, "jobs.db");
  const storage = await sqliteStorage({ path: file });
  await storage.migrate();
  await storage.close();
  handle = new (await loadSqlite())(file);
});

afterEach(() => {
  handle.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How SQLite walks the tables of finished jobs to count. */
function walksOf(query: JobConditions): readonly string[] {
  let asked = "";
  const session = { all: (sql: string) => ((asked = sql), []) } as unknown as Session;
  countJobs(session, query);
  const plan = handle.prepare(`EXPLAIN QUERY PLAN ${asked}`).all() as { readonly detail: string }[];
  return plan
    .map(({ detail }) => detail)
    .filter((step) => /^(SCAN|SEARCH) job/.test(step))
    .map((step) => step.replace(/ \(.*/, ""));
}

const finished = ["completed", "cancelled", "discarded"] as const;

test.each(["", "ANALYZE"])("a count by queue or name reads the index alone (%s)", (statistics) => {
  handle.exec(statistics);
  for (const asked of [{ queue: "a" }, { queue: ["a", "b"], name: "c*" }]) {
    expect(walksOf({ states: finished, ...asked }), JSON.stringify(asked)).toEqual([
      expect.stringMatching(/ COVERING INDEX holdfast_done_names$/),
      expect.stringMatching(/ COVERING INDEX holdfast_dead_names$/),
    ]);
  }
  for (const query of [{ queue: "a*" }, { name: "c" }]) {
    expect(walksOf({ states: ["completed"], ...query }), JSON.stringify(query)).toEqual([
      "SCAN job USING COVERING INDEX holdfast_done_names",
    ]);
  }
  expect(walksOf({ states: ["discarded"] })).toEqual([
    "SCAN job USING COVERING INDEX holdfast_dead_names",
  ]);
});

test("a count that needs the rows reads them in their order, however few names it asks for", () => {
  expect(walksOf({ states: finished, queue: "a", createdBefore: 7 })).toEqual([
    "SCAN job",
    "SCAN job",
  ]);
  expect(walksOf({ states: ["completed"], queue: "a", ids: ["1"] })).toEqual([
    "SEARCH job USING INTEGER PRIMARY KEY",
  ]);
});
