import { expect, test } from "vitest";
import { defaultRetryPolicy } from "../../core/defaults.ts";
import type { NewJob } from "../../core/new-job.ts";
import { readBulkRequest } from "../../core/operation.ts";
import { actOnEach } from "./engine/bulk-actions.ts";
import { loadSqlite } from "./engine/load-sqlite.ts";
import { createSession } from "./engine/session.ts";
import { insertChunk } from "./enqueue.ts";
import { migrations } from "./migrations/index.ts";
import { sqliteStorage } from "./sqlite-storage.ts";

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

test("one chunk looks at some thousand rows, however many do not match", async () => {
  const storage = await sqliteStorage({ path: ":memory:" });
  await storage.migrate();
  await storage.insertJobs(many(12_000));
  const asked = readBulkRequest("test", { action: "runNow", filter: { queue: "none" } }, now);
  await storage.startOperation({ ...asked, matched: 0 });
  let chunks = 0;
  while ((await storage.workOperation(100, now)) !== undefined) chunks += 1;
  expect(chunks).toBe(3);
  const ids = { action: "runNow", filter: { ids: ["12000"] } } as const;
  await storage.startOperation({ ...readBulkRequest("test", ids, now), matched: 1 });
  expect(await storage.workOperation(100, now)).toMatchObject({ jobs: 1 });
  expect(await storage.workOperation(100, now)).toBeUndefined();
  await storage.close();
});

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
