import { defineJob, type TransactionOpener } from "holdfast";
import { knex } from "holdfast/orm";
import createKnex, { type Knex } from "knex";
import pg from "pg";
import { beforeEach, expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { type Bench, describePostgresWorkers } from "./worker-bench.ts";

const quickRetry = { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 } as const;
const job = defineJob<null, string>({ name: "job", retry: quickRetry });
const counted = defineJob<number>({ name: "counted", retry: quickRetry });
const child = defineJob<null>({ name: "child", queue: "children" });

type Ending = "COMMIT" | "ROLLBACK";

/** What a library may do at the end of a transaction that did all it was to. */
interface Fault {
  readonly ending: Ending;
  readonly throws: Error | undefined;
}

const lostConnection = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
/** As Sequelize wraps it. */
const conflict = Object.assign(new Error("wrapped"), {
  original: Object.assign(new Error("could not serialize access"), { code: "40001" }),
});

describePostgresWorkers((openBench, databases) => {
  let bench: Bench;
  let pool: pg.Pool;
  beforeEach(async () => {
    bench = await openBench();
    pool = new pg.Pool({ connectionString: bench.place.url, max: 3 });
    databases.closing({ close: () => pool.end() });
  });

  /** A library whose first transactions end as told, and all others well. */
  function faulty(...faults: Fault[]): TransactionOpener<pg.PoolClient> {
    return {
      async open(fn) {
        const tx = await pool.connect();
        try {
          await tx.query("BEGIN");
          const value = await fn(tx);
          const { ending, throws } = faults.shift() ?? { ending: "COMMIT", throws: undefined };
          await tx.query(ending);
          if (throws !== undefined) throw throws;
          return value;
        } catch (error) {
          await tx.query("ROLLBACK");
          throw error;
        } finally {
          tx.release();
        }
      },
    };
  }

  /** Runs one job in transactions of a library with faults: how many runs of the function it took, and what became of it. */
  async function runWith(...faults: Fault[]) {
    const using = faulty(...faults);
    let runs = 0;
    const handler = job.handler((_, { transaction, enqueue }) =>
      transaction(
        async (tx) => {
          runs += 1;
          await enqueue(child, null, { tx });
          return `run ${runs}`;
        },
        { using },
      ),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, null);
    const { result } = await bench.finished(id);
    const { available } = await bench.client.jobs.count({ name: "child" });
    return { runs, result, children: available, attempts: (await bench.job(id)).attempts.length };
  }

  test("a library's COMMIT whose answer was lost, but which was carried out, is found: it ran once", async () => {
    const run = await runWith({ ending: "COMMIT", throws: lostConnection });
    expect(run).toEqual({ runs: 1, result: "run 1", children: 1, attempts: 1 });
  });

  test("a library's COMMIT whose answer was lost, and which was not carried out, fails the attempt", async () => {
    const run = await runWith({ ending: "ROLLBACK", throws: lostConnection });
    expect(run).toEqual({ runs: 2, result: "run 2", children: 1, attempts: 2 });
  });

  test("a conflict at a library's COMMIT runs the function again in the same attempt", async () => {
    const run = await runWith(
      { ending: "ROLLBACK", throws: conflict },
      { ending: "ROLLBACK", throws: conflict },
    );
    expect(run).toEqual({ runs: 3, result: "run 3", children: 1, attempts: 1 });
  });

  test("a failed statement that fn swallows is not taken for a commit", async () => {
    const swallowing = bench.client.transaction(
      async (tx) => {
        await bench.client.enqueue(child, null, { tx });
        await tx.query("SELECT 1/0").catch(() => {});
      },
      { using: faulty() },
    );
    await expect(swallowing).rejects.toThrow(coded("STORAGE_FAILED", "earlier statement failed"));
    expect((await bench.client.jobs.count()).available).toBe(0);
  });

  test("its isolation and idle limit are set, and what it puts off is flushed before the job ends", async () => {
    const seen: unknown[] = [];
    const opener = faulty();
    const settings = `SELECT current_setting('transaction_isolation') AS level,
      current_setting('idle_in_transaction_session_timeout') AS idle`;
    const using: TransactionOpener<pg.PoolClient> = {
      open: opener.open,
      async flush(tx) {
        const jobs = `SELECT state FROM ${bench.place.schema ?? ""}.jobs WHERE name = 'job'`;
        seen.push((await tx.query(jobs)).rows[0]);
      },
    };
    const handler = job.handler((_, { transaction }) =>
      transaction(
        async (tx) => {
          seen.push((await tx.query(settings)).rows[0]);
          return "done";
        },
        { using, isolation: "repeatable read" },
      ),
    );
    await bench.work([handler], { lease: "7s" });
    const { id } = await bench.client.enqueue(job, null);
    expect(await bench.finished(id)).toMatchObject({ result: "done" });
    expect(seen).toEqual([{ level: "repeatable read", idle: "7s" }, { state: "running" }]);
  });

  test("what opens no transactions is refused", async () => {
    const { client } = bench;
    const wrong = client.transaction(async () => {}, { using: pool as never });
    await expect(wrong).rejects.toThrow(coded("INVALID_OPTION", "kysely(db)"));
    const unknown = client.transaction(async () => {}, { isolation: "serializable" } as never);
    await expect(unknown).rejects.toThrow(coded("INVALID_OPTION", "isolation"));
    await expect(client.within("tx" as never, async () => {})).rejects.toThrow(
      coded("INVALID_OPTION"),
    );
    await expect(client.within(pool, "fn" as never)).rejects.toThrow(coded("INVALID_OPTION"));
  });

  test("a batch ends in a library's transaction, its items apart", async () => {
    const db = createKnex({ client: "pg", connection: bench.place.url, pool: { min: 0, max: 2 } });
    databases.closing({ close: () => db.destroy() });
    const ids = (await bench.client.enqueueMany(counted, [1, 0, 2])).map(({ id }) => id);
    const handler = counted.batchHandler({ size: 3, concurrent: 1 }, (batch) =>
      batch.transaction(
        (trx: Knex.Transaction) =>
          batch.isolated(trx, async (item) => {
            await batch.enqueue(child, null, { tx: trx });
            await trx.raw("SELECT 1/?::integer", [item.payload]);
          }),
        { using: knex(db) },
      ),
    );
    await bench.work([handler]);
    const ends = await Promise.all(ids.map(async (id) => (await bench.finished(id)).state));
    expect(ends).toEqual(["completed", "discarded", "completed"]);
    expect((await bench.client.jobs.count({ name: "child" })).available).toBe(2);
  });
});
