// @ts-check
// An order and its job in one transaction: after a commit both are there, after a rollback neither.
//   node examples/transactional-enqueue/main.mjs [postgres://user:password@host/database]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, defineJob } from "holdfast";
import { z } from "zod";

const sendReceipt = defineJob({
  name: "send-receipt",
  payload: z.object({ order: z.number() }),
});

/** One file holds the application's tables and the jobs. */
async function onSqlite() {
  const { DatabaseSync } = await import("node:sqlite").catch(
    () => import("@photostructure/sqlite"),
  );
  const folder = await mkdtemp(join(tmpdir(), "holdfast-shop-"));
  const file = join(folder, "shop.db");
  const client = await createClient(`sqlite:${file}`);
  const db = new DatabaseSync(file);
  db.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
  const insert = db.prepare("INSERT INTO orders (id) VALUES (?)");

  // The application's own handle and transaction: the job joins it.
  db.exec("BEGIN IMMEDIATE");
  insert.run(1);
  await client.enqueue(sendReceipt, { order: 1 }, { tx: db });
  db.exec("COMMIT");

  db.exec("BEGIN IMMEDIATE");
  insert.run(2);
  await client.enqueue(sendReceipt, { order: 2 }, { tx: db });
  db.exec("ROLLBACK");

  await throughTheClient(client, "orders");
  const orders = db.prepare("SELECT id FROM orders ORDER BY id").all();
  await report("SQLite", client, orders);
  db.close();
  await client.close();
  await rm(folder, { recursive: true });
}

/**
 * The same on PostgreSQL, through the application's own pool.
 * @param {string} url
 */
async function onPostgres(url) {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url });
  await pool.query("DROP SCHEMA IF EXISTS holdfast_shop CASCADE");
  await pool.query("CREATE SCHEMA holdfast_shop");
  await pool.query("CREATE TABLE holdfast_shop.orders (id integer PRIMARY KEY)");
  const client = await createClient({ pool, schema: "holdfast_shop", migrate: true });

  const db = await pool.connect();
  for (const [order, ending] of /** @type {const} */ ([
    [1, "COMMIT"],
    [2, "ROLLBACK"],
  ])) {
    await db.query("BEGIN");
    await db.query("INSERT INTO holdfast_shop.orders (id) VALUES ($1)", [order]);
    await client.enqueue(sendReceipt, { order }, { tx: db });
    await db.query(ending);
  }
  db.release();

  await throughTheClient(client, "holdfast_shop.orders");
  const { rows } = await pool.query("SELECT id FROM holdfast_shop.orders ORDER BY id");
  await report("PostgreSQL", client, rows);
  await client.close();
  await pool.query("DROP SCHEMA holdfast_shop CASCADE");
  await pool.end();
}

/**
 * A transaction of the client, the same on both databases: committed when its function resolves, rolled back when it
 * throws.
 * @param {import("holdfast").Client} client
 * @param {string} orders the application's table
 */
async function throughTheClient(client, orders) {
  for (const order of [3, 4]) {
    const placed = client.transaction(async (tx) => {
      await tx.query(`INSERT INTO ${orders} (id) VALUES ($1)`, [order]);
      await client.enqueue(sendReceipt, { order }, { tx });
      if (order === 4) throw new Error("the card was declined");
    });
    await placed.catch((/** @type {unknown} */ error) =>
      console.log(`order ${order} rolled back: ${String(error)}`),
    );
  }
}

/**
 * @param {string} database
 * @param {import("holdfast").Client} client
 * @param {readonly object[]} orders
 */
async function report(database, client, orders) {
  const { jobs } = await client.jobs.list({ name: sendReceipt.name });
  console.log(`${database} orders: ${JSON.stringify(orders)}`);
  console.log(`${database} jobs:   ${JSON.stringify(jobs.map((job) => job.payload).toReversed())}`);
}

await onSqlite();
const url = process.argv[2];
if (url !== undefined) await onPostgres(url);
else console.log("give a postgres:// URL to see the same on PostgreSQL");
