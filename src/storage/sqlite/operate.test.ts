import { expect, test } from "vitest";
import { defaultRetryPolicy } from "../../core/defaults.ts";
import type { NewJob } from "../../core/new-job.ts";
import { actOnEach } from "./engine/bulk-actions.ts";
import { loadSqlite } from "./engine/load-sqlite.ts";
import { createSession } from "./engine/session.ts";
import { insertChunk } from "./enqueue.ts";
import { migrations } from "./migrations/index.ts";

const now = 1_750_000_000_000;

const job: NewJob = {
  name: "work",
  version: 1,
  queue: "default",
  priority: 5,
  payload: "{}",
  createdAt: now,
  runAt: now + 1,
  policy: defaultRetryPolicy,
  unique: null,
  tags: [],
};

const many = (count: number) => Array.from({ length: count }, () => job);

test.each([
  ["a disk that fills up", "fills"],
  ["an error with which SQLite ends the transaction", "ends"],
])("%s ends the chunk: nothing is done outside of its transaction", async (_what, how) => {
  const handle = new (await loadSqlite())(":memory:");
  for (const { sql } of migrations) handle.exec(sql);
  const session = createSession(handle);
  handle.exec("BEGIN");
  insertChunk(session, [{ ...job, payload: JSON.stringify("x".repeat(3_000)) }, ...many(50)]);
  handle.exec("COMMIT");
  const states = () => handle.prepare("SELECT id, state FROM holdfast_jobs ORDER BY id").all();
  const before = states();
  const [pages] = handle.prepare("PRAGMA page_count").all() as { page_count: number }[];
  handle.exec(
    how === "fills"
      ? `PRAGMA max_page_count = ${pages?.page_count ?? 0}`
      : "CREATE TRIGGER no BEFORE INSERT ON holdfast_dead WHEN NEW.id = 20 BEGIN SELECT RAISE(ROLLBACK, 'full'); END",
  );
  const operation = { action: "cancel", why: null, by: null } as never;
  const ids = Array.from({ length: 51 }, (_, index) => index + 1);
  handle.exec("BEGIN");
  expect(() => actOnEach(session, operation, ids, now)).toThrow(/full/);
  if (how === "fills") handle.exec("ROLLBACK");
  expect(states()).toEqual(before);
  handle.close();
});
