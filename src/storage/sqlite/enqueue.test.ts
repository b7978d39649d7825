import { expect, test } from "vitest";
import { defaultRetryPolicy } from "../../core/defaults.ts";
import type { NewJob } from "../../core/new-job.ts";
import { sqliteStorage } from "./sqlite-storage.ts";

const now = 1_750_000_000_000;

const job: NewJob = {
  name: "work",
  version: 1,
  queue: "default",
  priority: 5,
  payload: "{}",
  createdAt: now,
  runAt: now,
  policy: defaultRetryPolicy,
  unique: null,
  tags: [],
};

/** Jobs alike, of which the last of the first statement cannot be stored. */
const bad: readonly NewJob[] = Array.from({ length: 100 }, (_, index) =>
  index === 63 ? { ...job, payload: null as never } : job,
);

async function open() {
  const storage = await sqliteStorage({ path: ":memory:" });
  await storage.migrate();
  return storage;
}

test("a row that fails in the middle of a statement leaves none of the rows before it", async () => {
  const storage = await open();
  await expect(storage.insertJobs(bad)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  expect((await storage.countJobs({})).available).toBe(0);
  await storage.close();
});

test("nor in a transaction that commits all the same", async () => {
  const storage = await open();
  await storage.transact(async (tx) => {
    await storage.insertJobs([job], tx);
    await expect(storage.insertJobs(bad, tx)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });
  expect((await storage.countJobs({})).available).toBe(1);
  await storage.close();
});

test("jobs alike are stored in order, whatever statements they share", async () => {
  const storage = await open();
  const many = Array.from({ length: 77 }, (_, index) => ({ ...job, payload: String(index) }));
  const receipts = await storage.insertJobs(many);
  const stored = await Promise.all(receipts.map(({ id }) => storage.getJob(id)));
  expect(stored.map((one) => one?.payload)).toEqual(many.map((_, index) => index));
  await storage.close();
});
