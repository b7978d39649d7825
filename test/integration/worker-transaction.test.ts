import { type Client, defineJob, type JobContext, type Transaction } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const quickRetry = { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 } as const;
const job = defineJob({ name: "job", retry: quickRetry });
const child = defineJob<{ of: string }>({ name: "child", queue: "children" });

let ledgers = 0;

/** A table of the application's own. */
interface Ledger {
  write(tx: Transaction, entry: string): Promise<unknown>;
  entries(): Promise<readonly string[]>;
}

async function createLedger(client: Client): Promise<Ledger> {
  const table = `ledger_${++ledgers}`;
  await client.transaction((tx) => tx.query(`CREATE TABLE ${table} (entry text NOT NULL)`));
  return {
    write: (tx, entry) => tx.query(`INSERT INTO ${table} (entry) VALUES ($1)`, [entry]),
    entries: () =>
      client.transaction(async (tx) => {
        const { rows } = await tx.query<{ entry: string }>(`SELECT entry FROM ${table}`);
        return rows.map(({ entry }) => entry);
      }),
  };
}

/** Takes a running job's lease away, as a rescue elsewhere would. */
async function stealLease({ storage }: Bench, { id, run, worker }: JobContext): Promise<void> {
  const answers = await storage.settleJobs(
    [
      {
        lease: { id, run, owner: worker.id },
        to: "retryable",
        runAt: Date.now() + 3_600_000,
        attempt: 1,
        crashes: 1,
        backoffMs: 0,
        attempts: [],
        reason: null,
        unlessCancelRequested: true,
      },
    ],
    Date.now(),
  );
  expect(answers).toEqual([{ outcome: "settled" }]);
}

describeWorkers((openBench) => {
  test("what the function writes, the children it enqueues and the job's completion commit together", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const handler = job.handler(async (_, context) => {
      const total = await context.transaction(async (tx) => {
        await ledger.write(tx, `by ${context.id}`);
        await context.enqueue(child, { of: context.id }, { tx });
        await context.enqueueMany(child, [{ of: "many" }], { tx });
        return { total: 1 };
      });
      return { ignored: total };
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: { total: 1 } });
    await expect(ledger.entries()).resolves.toEqual([`by ${id}`]);
    const { jobs } = await bench.client.jobs.list({ name: "child" });
    expect(jobs.map(({ payload }) => payload)).toEqual([{ of: "many" }, { of: id }]);
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "completed" }]);
  });

  test("a throw rolls everything back, and the attempt is retried", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const handler = job.handler((_, context) =>
      context.transaction(async (tx) => {
        await ledger.write(tx, `attempt ${context.attempt}`);
        await context.enqueue(child, { of: `attempt ${context.attempt}` }, { tx });
        if (context.attempt < 3) throw new Error("not this time");
        return "done";
      }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "done" });
    await expect(ledger.entries()).resolves.toEqual(["attempt 3"]);
    const { jobs } = await bench.client.jobs.list({ name: "child" });
    expect(jobs.map(({ payload }) => payload)).toEqual([{ of: "attempt 3" }]);
    expect((await bench.job(id)).attempts.map(({ how }) => how)).toEqual([
      "failed",
      "failed",
      "completed",
    ]);
  });

  test("a handler that survives its rolled-back transaction may end in another way, or try once more", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const handler = job.handler(async (_, context) => {
      const fail = async (tx: Transaction): Promise<never> => {
        await ledger.write(tx, "never");
        throw new Error("no");
      };
      await expect(context.transaction(fail)).rejects.toThrow("no");
      return context.transaction(async (tx) => {
        await ledger.write(tx, "second");
        return "second";
      });
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "second" });
    await expect(ledger.entries()).resolves.toEqual(["second"]);
  });

  test("after it a second one and every other ending throw ALREADY_SETTLED, and what the handler throws is only logged", async () => {
    const bench = await openBench();
    const heard: unknown[] = [];
    const handler = job.handler(async (_, context) => {
      await context.transaction(async () => "first");
      const others: readonly (() => unknown)[] = [
        () => context.transaction(async () => "second"),
        () => context.discard("no"),
        () => context.rescheduleNow(),
      ];
      for (const other of others) {
        await Promise.resolve()
          .then(other)
          .catch((error: unknown) => heard.push(error));
      }
      throw new Error("afterwards");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "first" });
    await bench.jobOnce(
      id,
      "is logged",
      () => bench.log.said("threw after its transaction committed").length === 1,
    );
    expect(heard).toEqual(Array.from({ length: 3 }, () => coded("ALREADY_SETTLED")));
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "completed" }]);
  });

  test("a result its schema refuses rolls the transaction back", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const odd = defineJob({ name: "odd", retry: "none" });
    const handler = odd.handler((_, context) =>
      context.transaction(async (tx) => {
        await ledger.write(tx, "never");
        return { at: new Date() };
      }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(odd, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
    expect((await bench.job(id)).attempts).toMatchObject([{ error: { code: "RESULT_INVALID" } }]);
    await expect(ledger.entries()).resolves.toEqual([]);
  });

  test("one the handler does not wait for is part of it all the same", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const handler = job.handler((_, context) => {
      void context.transaction(async (tx) => {
        await ledger.write(tx, `attempt ${context.attempt}`);
        if (context.attempt === 1) throw new Error("unheard");
        return "waited for";
      });
      return "too early";
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "waited for" });
    await expect(ledger.entries()).resolves.toEqual(["attempt 2"]);
    expect((await bench.job(id)).attempts[0]).toMatchObject({
      how: "failed",
      error: { message: "unheard" },
    });
  });

  test("a call inside it without its tx throws TRANSACTION_OPEN and never deadlocks", async () => {
    const bench = await openBench();
    const heard: [string, unknown][] = [];
    const handler = job.handler((_, context) =>
      context.transaction(async () => {
        const calls: Readonly<Record<string, () => Promise<unknown>>> = {
          "job.enqueue": () => context.enqueue(child, { of: "?" }),
          "job.enqueueMany": () => context.enqueueMany(child, [{ of: "?" }]),
          "job.state.set": () => context.state.set(1),
          "job.progress": () => context.progress(1),
          "job.setResult": () => context.setResult(1),
          "client.enqueue": () => context.client.enqueue(child, { of: "?" }),
          "client.transaction": () => context.client.transaction(async () => {}),
          "handle.result": () => context.client.handle(context.id).result({ timeout: "1s" }),
        };
        for (const [name, call] of Object.entries(calls)) {
          await call().catch((error: unknown) => heard.push([name, error]));
        }
      }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(heard.map(([name]) => name)).toHaveLength(8);
    for (const [, error] of heard) expect(error).toEqual(coded("TRANSACTION_OPEN", "tx"));
  });

  test("job.transaction inside client.transaction throws TRANSACTION_OPEN", async () => {
    const bench = await openBench();
    const handler = job.handler(async (_, context) => {
      await context.client.transaction(async () => {
        await expect(context.transaction(async () => {})).rejects.toEqual(
          coded("TRANSACTION_OPEN"),
        );
      });
      return "fine";
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "fine" });
  });

  test("a lost lease rolls everything back, and the handler hears LEASE_LOST", async () => {
    const bench = await openBench();
    const ledger = await createLedger(bench.client);
    const heard: unknown[] = [];
    const handler = job.handler(async (_, context) => {
      await stealLease(bench, context);
      const lost = context.transaction(async (tx) => {
        await ledger.write(tx, "never");
        await context.enqueue(child, { of: "nobody" }, { tx });
      });
      await lost.catch((error: unknown) => heard.push(error, context.signal.reason));
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await bench.jobOnce(id, "has lost its lease", () => heard.length > 0);
    expect(heard).toEqual([coded("LEASE_LOST"), coded("LEASE_LOST")]);
    await expect(ledger.entries()).resolves.toEqual([]);
    await expect(bench.client.jobs.count({ name: "child" })).resolves.toMatchObject({
      available: 0,
    });
    await expect(bench.job(id)).resolves.toMatchObject({ state: "retryable", crashes: 1 });
    const said = bench.log.said("lease lost; this attempt's outcome changed nothing");
    expect(said).toMatchObject([{ level: "warn", fields: { job: id, code: "LEASE_LOST" } }]);
  });
});
