import type { Backlog } from "../system.ts";
import type { Library } from "./holdfast.ts";
import { copyRow } from "./sql-rows.ts";

const perCall = 10_000;

/** One job in each state through the interface, then copied row by row. */
export async function fillPostgres(library: Library, url: string, backlog: Backlog): Promise<void> {
  await finishOneOfEach(library, url);
  await fillGates(library, url, backlog);
  await copyEach(backlog, (table, rows) =>
    copyRow(url, {
      table: `holdfast.${table}`,
      where: "true",
      rows,
      id: "nextval('holdfast.job_id')",
    }),
  );
}

/** The same on SQLite, where ids count up from the largest. */
export async function fillSqlite(library: Library, url: string, backlog: Backlog): Promise<void> {
  await finishOneOfEach(library, url);
  await fillGates(library, url, backlog);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite:".length));
  let nextId = -1;
  await copyEach(backlog, async (table, copies) => {
    const columns = database
      .prepare("SELECT name FROM pragma_table_info(?) WHERE name <> 'id'")
      .all(`holdfast_${table}`);
    const list = columns.map(({ name }) => String(name)).join(", ");
    database.exec(
      `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})
       INSERT INTO holdfast_${table} (id, ${list})
       SELECT ${nextId} - i, ${list} FROM n, (SELECT * FROM holdfast_${table} LIMIT 1)`,
    );
    nextId -= copies + 1;
  });
  database.close();
}

/** Jobs that wait to be let in are made through the interface, in bulk. */
async function fillGates(
  { createClient, defineJob }: Library,
  url: string,
  { inLane = 0, inLimit = 0 }: Backlog,
): Promise<void> {
  const client = await createClient(url);
  const queue = "gated";
  for (const [options, count] of [
    [{ name: "in-lane", lane: () => "deep" }, inLane],
    [{ name: "in-limit", limits: [{ scope: "deep", concurrent: 1 }] }, inLimit],
  ] as const) {
    if (count === 0) continue;
    const job = defineJob<null, void>({ ...options, queue });
    for (let left = count; left > 0; left -= perCall) {
      await client.enqueueMany(
        job,
        Array.from({ length: Math.min(left, perCall) }, () => null),
      );
    }
  }
  await client.close();
}

async function copyEach(
  { finished, delayed, failed }: Backlog,
  copy: (table: string, copies: number) => Promise<void>,
): Promise<void> {
  await copy("done", finished);
  await copy("later", delayed);
  await copy("dead", failed);
}

/** One job in each state through the interface. */
export async function finishOneOfEach(
  { createClient, createWorker, defineJob }: Library,
  url: string,
): Promise<void> {
  const finish = defineJob<null, void>({ name: "finish", queue: "backlog" });
  const fail = defineJob<null, void>({ name: "fail", queue: "backlog", retry: "none" });
  const wait = defineJob<null, void>({ name: "wait", queue: "backlog" });
  const client = await createClient(url);
  const worker = createWorker(client, {
    handlers: [
      finish.handler(() => {}),
      fail.handler(() => {
        throw new Error("benchmark");
      }),
    ],
  });
  const finished = await client.enqueue(finish, null);
  const failed = await client.enqueue(fail, null);
  await client.enqueue(wait, null, { delay: "720h" });
  await worker.start();
  for (const { id } of [finished, failed]) await client.handle(id).finished({ timeout: "30s" });
  await worker.stop();
  await client.close();
}
