import { defaultRetryPolicy } from "../../src/core/defaults.ts";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { aJob, enqueueOne, hire, t0 } from "../conformance/jobs.ts";
import { freshDatabase } from "../support/fresh-database.ts";

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

const plain = { trace, policy: defaultRetryPolicy };

/** A worker of the step before traces: the statements it sends, and how many fields it reads in a job. */
async function olderWorker() {
  const database = await freshDatabase(inject("databaseUrl"));
  onTestFinished(() => database.drop());
  const storage = await postgresStorage({ url: database.url });
  onTestFinished(() => storage.close());
  await storage.migrate();
  const client = new pg.Client(database.url);
  await client.connect();
  onTestFinished(() => client.end());
  const owner = await hire(storage);
  const lines = async (sql: string, params: readonly unknown[]) => {
    const { rows } = await client.query<{ line: string }>(sql, [...params]);
    return rows.map(({ line }) => line);
  };
  const floors = `{${Array.from({ length: 10 }, () => 0).join()}}`;
  const handlers = JSON.stringify({ work: 1 });
  return { storage, client, owner, lines, floors, handlers };
}

/** id, run, priority, seq, version, attempt, created, length, payload, seldom, name, queue. */
const plainFields = 12;

test("code of the step before traces claims, finishes and enqueues as it did, and what the schema moves for it keeps its trace", async () => {
  const { storage, client, owner, lines, floors, handlers } = await olderWorker();
  const id = await enqueueOne(storage, plain);
  const claimed = await lines(
    "SELECT holdfast.claim_lines($1, 5, '{default}', '{5}', $2, $3, $4, 1) AS line",
    [owner, floors, handlers, t0],
  );
  expect(claimed.map((line) => line.split("\u001f"))).toEqual([
    expect.objectContaining({ length: plainFields, 0: id }),
  ]);
  const ended = await lines(
    "SELECT holdfast.complete_jobs(ARRAY[$1::bigint], ARRAY[$2::bigint], '{1}', ARRAY[$3::bigint], ARRAY[$3::bigint], '{NULL}') AS line",
    [id, owner, t0],
  );
  expect(ended).toEqual([null]);
  expect(await storage.getJob(id)).toMatchObject({ state: "completed", trace });

  await storage.updateQueue("default", { maxRunning: 1 }, { now: t0, by: null });
  await storage.insertJobs([aJob(plain)]);
  const capped = await lines(
    "SELECT holdfast.claim_capped($1, 'default', 5, 5, $2, $3, $4, 2, 0) AS line",
    [owner, floors, handlers, t0],
  );
  expect(capped.slice(1).map((line) => line.split("\u001f").length)).toEqual([plainFields]);

  const one =
    "SELECT holdfast.enqueue_one('work', 1, 'default', 5::smallint, NULL, NULL, 'me', $1, '{}') AS line";
  const some =
    "SELECT holdfast.enqueue_some('work', 1, 'default', 5::smallint, NULL, NULL, 'me', ARRAY[$1::bigint], '{}') AS line";
  for (const sql of [one, some]) {
    const [made = ""] = await lines(sql, [t0]);
    expect(await storage.getJob(made)).toMatchObject({ state: "available", trace: null });
  }
  const { rows } = await client.query("SELECT count(*)::integer AS jobs FROM holdfast.jobs");
  expect(rows).toEqual([{ jobs: 4 }]);
});
