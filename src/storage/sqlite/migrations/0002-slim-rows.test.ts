import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { defaultRetryPolicy } from "../../../core/defaults.ts";
import type { Storage } from "../../contract/storage.ts";
import { loadSqlite } from "../engine/load-sqlite.ts";
import { sqliteStorage } from "../sqlite-storage.ts";
import { migrations } from "./index.ts";

const policy = { ...defaultRetryPolicy, attempts: 7 };
const attempt = { number: 1, run: 1, worker: "3", began: 1, ended: 2, how: "completed" };
const tags = ["a", "b"];

const shared = `id, run, name, version, queue, priority, attempt, created_at, run_at, unique_key, unique_while, tags, policy,
  payload, attempts`;

/** A job as the first schema kept it; `full` has tags and attempts, the others an empty list of each. */
function values(id: number, full: boolean): string {
  const list = (members: readonly unknown[]) => JSON.stringify(full ? members : []);
  return `${id}, 1, 'work', 1, 'default', 5, 1, 10, 20, 'k${id}', 'unfinished', '${list(tags)}',
    '${JSON.stringify(policy)}', '{"n":${id}}', '${list([attempt])}'`;
}

const rows = [true, false].flatMap((full, index) => {
  const id = (nth: number) => index * 10 + nth;
  return [
    `INSERT INTO holdfast_live (${shared}, seq) VALUES (${values(id(1), full)}, ${id(1)});`,
    `INSERT INTO holdfast_live (${shared}, seq, owner, started, claimed_at)
     VALUES (${values(id(2), full)}, ${id(2)}, 3, 1, 30);`,
    `INSERT INTO holdfast_later (${shared}, retrying) VALUES (${values(id(3), full)}, 1);`,
    `INSERT INTO holdfast_blocked (${shared}) VALUES (${values(id(4), full)});`,
    `INSERT INTO holdfast_done (${shared}, claimed_at, finished_at, bucket) VALUES (${values(id(5), full)}, 30, 40, 9);`,
    `INSERT INTO holdfast_dead (${shared}, claimed_at, finished_at, bucket, state, reason)
     VALUES (${values(id(6), full)}, 30, 40, 9, 'discarded', '{"code":"JOB_DISCARDED","message":"no"}');`,
  ];
});

test("a database of the first schema keeps every job, in its state and with its story", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-slim-"));
  const file = path.join(folder, "jobs.db");
  try {
    const handle = new (await loadSqlite())(file);
    handle.exec(migrations[0]?.sql ?? "");
    for (const row of rows) handle.exec(row);
    handle.close();
    const storage = await sqliteStorage({ path: file });
    expect((await storage.migrate()).map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    await expectJobs(storage);
    await storage.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function expectJobs(storage: Storage): Promise<void> {
  const states = ["available", "running", "retryable", "blocked", "completed", "discarded"];
  const listed = await storage.listJobs({}, 100);
  expect(listed).toHaveLength(12);
  for (const [index, state] of states.entries()) {
    for (const [id, full] of [
      [String(index + 1), true] as const,
      [String(index + 11), false] as const,
    ]) {
      const job = await storage.getJob(id);
      expect(job).toMatchObject({ id, state, payload: { n: Number(id) }, uniqueKey: `k${id}` });
      expect([job?.tags, job?.attempts]).toEqual(full ? [tags, [attempt]] : [[], []]);
      expect(listed.find((each) => each.id === id)).toEqual(job);
    }
  }
  const orphans = (await storage.listOrphans(10)) ?? [];
  expect(orphans.map(({ lease }) => lease.id)).toEqual(["2", "12"]);
  expect(orphans[0]).toMatchObject({ policy, tags, attempts: [attempt] });
}
