import { defineJob, HoldfastError, type Storage, type Transaction } from "holdfast";
import pg from "pg";
import { expect, test } from "vitest";
import { aborted } from "../support/aborted.ts";
import { createLatch } from "../support/latch.ts";
import { overridden, overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const quickRetry = { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 } as const;
const job = defineJob({ name: "job", retry: quickRetry });
const child = defineJob({ name: "child", queue: "children" });

class RolledBack extends Error {}

function lostAnswer(): HoldfastError {
  return new HoldfastError("STORAGE_UNAVAILABLE", "The connection was lost in COMMIT.", {
    details: { commit: "unknown" },
  });
}

/** Loses the answer of the first COMMIT; `commits` says whether it was carried out. */
function losingFirstAnswer(commits: boolean): (storage: Storage) => Storage {
  let lost = false;
  return (storage) =>
    overriddenStorage(storage, {
      async transact<Value>(fn: (tx: Transaction) => Promise<Value>) {
        if (lost) return storage.transact(fn);
        lost = true;
        const done = storage.transact(async (tx) => {
          await fn(tx);
          if (!commits) throw new RolledBack();
        });
        await done.catch((error: unknown) => {
          if (!(error instanceof RolledBack)) throw error;
        });
        throw lostAnswer();
      },
    });
}

/** Rolls back the first transactions as an isolation conflict does. */
function conflicting(times: number): (storage: Storage) => Storage {
  let left = times;
  return conflictingWhile(() => left-- > 0);
}

function conflictingWhile(inTheWay: () => boolean): (storage: Storage) => Storage {
  return (storage) =>
    overriddenStorage(storage, {
      async transact<Value>(fn: (tx: Transaction) => Promise<Value>) {
        if (!inTheWay()) return storage.transact(fn);
        const done = storage.transact(async (tx) => {
          await fn(tx);
          throw new RolledBack();
        });
        return done.catch(() => {
          throw new HoldfastError("TRANSACTION_RETRY", "Another transaction got in the way.");
        });
      },
    });
}

describeWorkers((openBench, databases) => {
  test("a COMMIT whose answer was lost, but which was carried out, is found by the job's id and run: it ran once", async () => {
    const bench = await openBench({ wrap: losingFirstAnswer(true) });
    let runs = 0;
    const handler = job.handler((_, context) => {
      runs += 1;
      return context.transaction(async (tx) => {
        await context.enqueue(child, {}, { tx });
        return "committed";
      });
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "committed" });
    expect(runs).toBe(1);
    const { available } = await bench.client.jobs.count({ name: "child" });
    expect(available).toBe(1);
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "completed" }]);
  });

  test("a COMMIT whose answer was lost, and which was not carried out, fails the attempt, which is retried", async () => {
    const bench = await openBench({ wrap: losingFirstAnswer(false) });
    const handler = job.handler((_, context) =>
      context.transaction(async (tx) => {
        await context.enqueue(child, {}, { tx });
        return context.attempt;
      }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 2 });
    const { available } = await bench.client.jobs.count({ name: "child" });
    expect(available).toBe(1);
    expect((await bench.job(id)).attempts).toMatchObject([
      { how: "failed", error: { code: "STORAGE_UNAVAILABLE" } },
      { how: "completed" },
    ]);
  });

  test("the lost answer is asked for until the database can be reached again", async () => {
    let down = 0;
    const bench = await openBench({
      wrap: (storage) =>
        overridden(losingFirstAnswer(true)(storage), {
          async patchJob(...given: Parameters<Storage["patchJob"]>) {
            if (down++ < 2) throw new HoldfastError("STORAGE_UNAVAILABLE", "Still down.");
            return storage.patchJob(...given);
          },
        }),
    });
    let answer: unknown;
    const handler = job.handler(async (_, context) => {
      answer = await context.transaction(async () => "committed");
    });
    const worker = await bench.work([handler], { drain: "10s" });
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "committed" });
    await worker.stop();
    expect(answer).toBe("committed");
    expect(down).toBe(3);
  });

  test("an isolation conflict runs the function again, at most twice, in the same attempt", async () => {
    const bench = await openBench({ wrap: conflicting(2) });
    let calls = 0;
    const handler = job.handler((_, context) =>
      context.transaction(async () => ++calls, { isolation: "serializable" }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 3 });
    expect((await bench.job(id)).attempts).toMatchObject([{ number: 1, how: "completed" }]);
  });

  test("a conflict that lasts as long as another one's slow commit is waited out", async () => {
    let until: number | undefined;
    const inTheWay = () => performance.now() < (until ??= performance.now() + 150);
    const bench = await openBench({ wrap: conflictingWhile(inTheWay) });
    const once = defineJob({ name: "once", retry: "none" });
    const handler = once.handler((_, context) => context.transaction(async () => "through"));
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(once, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "through" });
  });

  test("after a third conflict the handler hears TRANSACTION_RETRY and the attempt fails", async () => {
    const bench = await openBench({ wrap: conflicting(3) });
    let calls = 0;
    const handler = job.handler((_, context) => context.transaction(async () => ++calls));
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 4 });
    expect((await bench.job(id)).attempts).toMatchObject([
      { how: "failed", error: { code: "TRANSACTION_RETRY" } },
      { how: "completed" },
    ]);
  });

  // SQLite has one writer: its transactions neither conflict nor hold locks of their own.
  if (databases.kind !== "PostgreSQL") return;

  test("two serializable transactions that really exclude each other both get through", async () => {
    const bench = await openBench();
    await bench.client.transaction((tx) =>
      tx.query("DROP TABLE IF EXISTS seat; CREATE TABLE seat (taken integer)"),
    );
    const read = [createLatch(), createLatch()];
    let calls = 0;
    const take = defineJob<{ nth: 0 | 1 }, number>({ name: "take", retry: "none" });
    const handler = take.handler(({ nth }, context) =>
      context.transaction(
        async (tx) => {
          calls += 1;
          const { rows } = await tx.query<{ taken: number }>("SELECT taken FROM seat");
          read[nth]?.open();
          for (const { opened } of read) await opened;
          await tx.query("INSERT INTO seat (taken) VALUES ($1)", [rows.length]);
          return rows.length;
        },
        { isolation: "serializable" },
      ),
    );
    await bench.work([handler]);
    const receipts = await bench.client.enqueueMany(take, [{ nth: 0 }, { nth: 1 }]);
    const results: unknown[] = [];
    for (const { id } of receipts) results.push((await bench.finished(id)).result);
    expect(new Set(results)).toEqual(new Set([0, 1]));
    expect(calls).toBeGreaterThan(2);
  });

  test("a stopped process loses its locks: the transaction may idle no longer than the lease", async () => {
    const { url } = databases.place();
    const own = databases.closing(
      await (async () => {
        const client = new pg.Client(url);
        await client.connect();
        return { query: (sql: string) => client.query(sql), close: () => client.end() };
      })(),
    );
    await own.query("CREATE TABLE IF NOT EXISTS lock_me (id integer)");
    const bench = await openBench();
    const once = defineJob({ name: "once", retry: "none" });
    const locked = createLatch();
    const handler = once.handler((_, context) =>
      context.transaction(async (tx) => {
        await tx.query("LOCK TABLE lock_me");
        locked.open();
        await aborted(context.signal);
      }),
    );
    await bench.work([handler], { lease: "500ms" });
    await bench.client.enqueue(once, {});
    await locked.opened;
    await own.query("LOCK TABLE lock_me; DROP TABLE lock_me");
  });
});
