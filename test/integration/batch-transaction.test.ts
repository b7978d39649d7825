import {
  type BatchItem,
  type BatchOutcome,
  type Client,
  defineJob,
  type JobBatch,
  type Transaction,
} from "holdfast";
import { describe, expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

interface Payload {
  n: number;
}

const job = defineJob<Payload>({
  name: "job",
  retry: { attempts: 3, backoff: "fixed", delay: "1h", resetAfter: 1e9 },
});
const child = defineJob<Payload>({ name: "child", queue: "children" });

let ledgers = 0;

/** A table of the application's own that takes each number once. */
async function createLedger(client: Client) {
  const table = `batch_ledger_${++ledgers}`;
  await client.transaction((tx) => tx.query(`CREATE TABLE ${table} (entry integer PRIMARY KEY)`));
  return {
    write: (tx: Transaction, entry: number) =>
      tx.query(`INSERT INTO ${table} (entry) VALUES ($1)`, [entry]),
    entries: () =>
      client.transaction(async (tx) => {
        const { rows } = await tx.query<{ entry: number }>(
          `SELECT entry FROM ${table} ORDER BY entry`,
        );
        return rows.map(({ entry }) => entry);
      }),
  };
}

type Ledger = Awaited<ReturnType<typeof createLedger>>;
type Run = (batch: JobBatch<Payload>, ledger: Ledger) => Promise<readonly BatchOutcome[] | void>;

interface Ran {
  readonly ids: readonly string[];
  readonly ledger: Ledger;
  states(): Promise<string[]>;
  errors(): Promise<unknown[]>;
}

/** Runs one batch of so many jobs, and looks once every job has had an attempt. */
async function oneBatch(bench: Bench, count: number, run: Run): Promise<Ran> {
  const ledger = await createLedger(bench.client);
  const payloads = Array.from({ length: count }, (_, n) => ({ n }));
  const ids = (await bench.client.enqueueMany(job, payloads)).map(({ id }) => id);
  let runs = 0;
  const handler = job.batchHandler({ size: count, concurrent: 1 }, (batch) => {
    runs += 1;
    return runs === 1 ? run(batch, ledger) : undefined;
  });
  await bench.work([handler]);
  for (const id of ids) {
    await bench.jobOnce(id, "has had an attempt", ({ attempts }) => attempts.length > 0);
  }
  const found = () => Promise.all(ids.map((id) => bench.job(id)));
  return {
    ids,
    ledger,
    states: async () => (await found()).map(({ state }) => state),
    errors: async () => (await found()).map(({ attempts }) => attempts[0]?.error),
  };
}

/** Takes a running item's lease away, as a rescue elsewhere would. */
async function stealLease(
  { storage }: Bench,
  { id, run }: BatchItem,
  owner: string,
): Promise<void> {
  const lease = { id, run, owner };
  const again = { to: "retryable", runAt: Date.now() + 3_600_000, attempt: 1, crashes: 1 } as const;
  const crash = { number: 1, run, worker: owner, began: 0, ended: 0, how: "crashed" } as const;
  const rest = { backoffMs: 0, attempts: [crash], reason: null, unlessCancelRequested: true };
  const answers = await storage.settleJobs([{ lease, ...again, ...rest }], Date.now());
  expect(answers).toEqual([{ outcome: "settled" }]);
}

describeWorkers((openBench) => {
  describe("batch.transaction", () => {
    test("writes, children and the end of every item commit together", async () => {
      const bench = await openBench();
      const { states, ledger, ids } = await oneBatch(bench, 3, (batch, { write }) =>
        batch.transaction(async (tx) => {
          for (const { payload } of batch.items) {
            await write(tx, payload.n);
            await batch.enqueue(child, payload, { tx });
          }
          return batch.items.map((item) => item.complete({ of: item.payload.n }));
        }),
      );
      await expect(states()).resolves.toEqual(["completed", "completed", "completed"]);
      await expect(ledger.entries()).resolves.toEqual([0, 1, 2]);
      const { jobs } = await bench.client.jobs.list({ name: "child" });
      expect(jobs).toHaveLength(3);
      expect((await bench.job(ids[2] as string)).result).toEqual({ of: 2 });
    });

    test("a throw rolls everything back, and every item has failed", async () => {
      const bench = await openBench();
      const { states, ledger } = await oneBatch(bench, 2, (batch, { write }) =>
        batch.transaction(async (tx) => {
          await write(tx, 1);
          await batch.enqueueMany(child, [{ n: 1 }], { tx });
          throw new Error("no");
        }),
      );
      await expect(states()).resolves.toEqual(["retryable", "retryable"]);
      await expect(ledger.entries()).resolves.toEqual([]);
      await expect(bench.client.jobs.count({ name: "child" })).resolves.toMatchObject({
        available: 0,
      });
    });

    test("outcomes that do not cover the batch roll it back", async () => {
      const bench = await openBench();
      const { errors, ledger } = await oneBatch(bench, 2, (batch, { write }) =>
        batch.transaction(async (tx) => {
          await write(tx, 1);
          return batch.items.slice(1).map((item) => item.complete());
        }),
      );
      const mismatch: unknown = expect.objectContaining({ code: "BATCH_OUTCOMES_MISMATCH" });
      await expect(errors()).resolves.toEqual([mismatch, mismatch]);
      await expect(ledger.entries()).resolves.toEqual([]);
    });

    test("a result no database can keep rolls it back", async () => {
      const bench = await openBench();
      const { errors, ledger } = await oneBatch(bench, 2, (batch, { write }) =>
        batch.transaction(async (tx) => {
          await write(tx, 1);
          return batch.items.map((item) => item.complete({ at: new Date() }));
        }),
      );
      await expect(errors()).resolves.toMatchObject([
        { code: "RESULT_INVALID" },
        { code: "RESULT_INVALID" },
      ]);
      await expect(ledger.entries()).resolves.toEqual([]);
    });

    test("a second one is ALREADY_SETTLED, and what the handler makes of its time afterwards changes nothing", async () => {
      const bench = await openBench();
      let second: unknown;
      const { states } = await oneBatch(bench, 2, async (batch) => {
        await batch.transaction(async () => {});
        second = await batch.transaction(async () => {}).catch((error: unknown) => error);
        throw new Error("afterwards");
      });
      await expect(states()).resolves.toEqual(["completed", "completed"]);
      expect(second).toEqual(coded("ALREADY_SETTLED"));
      expect(bench.log.said("threw after its batch's transaction committed")).toHaveLength(1);
    });

    test("the lost lease of one item rolls everything back, and the others come again with nothing spent", async () => {
      const bench = await openBench();
      const heard: unknown[] = [];
      const { ids, ledger } = await oneBatch(bench, 2, async (batch, { write }) => {
        const [first, second] = batch.items as readonly [BatchItem, BatchItem];
        await stealLease(bench, first, batch.worker.id);
        try {
          await batch.transaction(async (tx) => void (await write(tx, 1)));
        } catch (error) {
          heard.push(error, first.signal.aborted, second.signal.aborted);
          throw error;
        }
      });
      expect(heard).toEqual([coded("LEASE_LOST"), true, false]);
      await expect(ledger.entries()).resolves.toEqual([]);
      const innocent = await bench.finished(ids[1] as string);
      expect(innocent.state).toBe("completed");
      expect((await bench.job(ids[1] as string)).attempts).toMatchObject([
        { number: 1, how: "released" },
        { number: 1, how: "completed" },
      ]);
    });

    test("a cancel requested meanwhile wins over an end that would let the item live on", async () => {
      const bench = await openBench();
      const { states } = await oneBatch(bench, 2, async (batch) => {
        const [first, second] = batch.items as readonly [BatchItem, BatchItem];
        for (const { id } of [first, second]) await bench.client.jobs.cancel(id, { why: "stop" });
        return batch.transaction(async () => [first.snooze("1h"), second.complete()]);
      });
      await expect(states()).resolves.toEqual(["cancelled", "completed"]);
    });
  });

  describe("batch.isolated", () => {
    test("an item that throws is undone alone and fails with its own error", async () => {
      const bench = await openBench();
      const { states, errors, ledger } = await oneBatch(bench, 4, (batch, { write }) =>
        batch.transaction((tx) =>
          batch.isolated(tx, async ({ payload }) => {
            await write(tx, payload.n);
            if (payload.n === 2) throw new Error("bad apple");
          }),
        ),
      );
      await expect(states()).resolves.toEqual(["completed", "completed", "retryable", "completed"]);
      await expect(ledger.entries()).resolves.toEqual([0, 1, 3]);
      expect((await errors())[2]).toMatchObject({ message: "bad apple" });
    });

    test("a value is the item's result, and an outcome its end", async () => {
      const bench = await openBench();
      const { ids, states } = await oneBatch(bench, 2, (batch) =>
        batch.transaction((tx) =>
          batch.isolated(tx, async (item) =>
            item.payload.n === 0 ? { of: 0 } : item.discard("no"),
          ),
        ),
      );
      await expect(states()).resolves.toEqual(["completed", "discarded"]);
      expect((await bench.job(ids[0] as string)).result).toEqual({ of: 0 });
    });

    test("works in any transaction, with the outcomes handed back afterwards", async () => {
      const bench = await openBench();
      const { states, ledger } = await oneBatch(bench, 2, (batch, { write }) =>
        batch.client.transaction((tx) =>
          batch.isolated(tx, async ({ payload }) => {
            await write(tx, payload.n);
            if (payload.n === 0) throw new Error("bad");
          }),
        ),
      );
      await expect(states()).resolves.toEqual(["retryable", "completed"]);
      await expect(ledger.entries()).resolves.toEqual([1]);
    });
  });

  describe("batch.bisect", () => {
    /** Inserts a whole part; `bad` items fail it. */
    const insertAll =
      (tx: Transaction, { write }: Ledger, bad: readonly number[], probes: number[][]) =>
      async (items: readonly BatchItem<Payload>[]) => {
        probes.push(items.map(({ payload }) => payload.n));
        for (const { payload } of items) await write(tx, payload.n);
        const culprit = items.find(({ payload }) => bad.includes(payload.n));
        if (culprit !== undefined) throw new Error(`bad ${culprit.payload.n}`);
      };

    test("a good batch is one probe", async () => {
      const bench = await openBench();
      const probes: number[][] = [];
      const { states } = await oneBatch(bench, 4, (batch, ledger) =>
        batch.transaction((tx) => batch.bisect(tx, insertAll(tx, ledger, [], probes))),
      );
      await expect(states()).resolves.toEqual(Array.from({ length: 4 }, () => "completed"));
      expect(probes).toEqual([[0, 1, 2, 3]]);
    });

    test("one bad item is found and fails with its own error; the others keep their writes", async () => {
      const bench = await openBench();
      const probes: number[][] = [];
      const { states, errors, ledger } = await oneBatch(bench, 10, (batch, given) =>
        batch.transaction((tx) => batch.bisect(tx, insertAll(tx, given, [7], probes))),
      );
      await expect(ledger.entries()).resolves.toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9]);
      expect((await states())[7]).toBe("retryable");
      expect((await errors())[7]).toMatchObject({ message: "bad 7" });
      expect(probes.length).toBeLessThanOrEqual(9);
    });

    test("a spent budget leaves the rest unresolved: failed, and retried alone", async () => {
      const bench = await openBench();
      const probes: number[][] = [];
      const { states, errors, ledger } = await oneBatch(bench, 4, (batch, given) =>
        batch.transaction((tx) =>
          batch.bisect(tx, insertAll(tx, given, [0], probes), { budget: 3 }),
        ),
      );
      await expect(ledger.entries()).resolves.toEqual([2, 3]);
      await expect(states()).resolves.toEqual(["retryable", "retryable", "completed", "completed"]);
      expect((await errors()).slice(0, 2)).toMatchObject([
        { code: "BATCH_UNRESOLVED", cause: { message: "bad 0" } },
        { code: "BATCH_UNRESOLVED", cause: { message: "bad 0" } },
      ]);
      expect(probes).toHaveLength(3);
    });

    test("full finds every bad item", async () => {
      const bench = await openBench();
      const { errors, ledger } = await oneBatch(bench, 8, (batch, given) =>
        batch.transaction((tx) =>
          batch.bisect(tx, insertAll(tx, given, [1, 4, 6], []), { budget: "full" }),
        ),
      );
      await expect(ledger.entries()).resolves.toEqual([0, 2, 3, 5, 7]);
      const failed = (await errors()).map((error) => (error as Error | undefined)?.message);
      expect(failed.filter((message) => message !== undefined)).toEqual([
        "bad 1",
        "bad 4",
        "bad 6",
      ]);
    });

    test("a part may hand back outcomes of its items, and must cover them", async () => {
      const bench = await openBench();
      const good = await oneBatch(bench, 2, (batch) =>
        batch.transaction((tx) =>
          batch.bisect(tx, async (items) =>
            items.map((item) => item.complete({ of: item.payload.n })),
          ),
        ),
      );
      expect((await bench.job(good.ids[1] as string)).result).toEqual({ of: 1 });
      const other = await openBench();
      const short = await oneBatch(other, 2, (batch) =>
        batch.transaction((tx) =>
          batch.bisect(tx, async (items) => items.slice(1).map((item) => item.complete())),
        ),
      );
      await expect(short.errors()).resolves.toMatchObject([
        { code: "BATCH_OUTCOMES_MISMATCH" },
        { code: "BATCH_OUTCOMES_MISMATCH" },
      ]);
    });

    test("an unknown budget and a tx that is none are refused", async () => {
      const bench = await openBench();
      const heard: unknown[] = [];
      await oneBatch(bench, 1, async (batch) => {
        const nothing = async (): Promise<void> => {};
        const wrong = [
          batch.client.transaction((tx) => batch.bisect(tx, nothing, { budget: "most" as never })),
          batch.bisect(undefined as never, nothing),
        ];
        for (const { status, ...rest } of await Promise.allSettled(wrong)) {
          heard.push(status === "rejected" && (rest as { reason: unknown }).reason);
        }
      });
      expect(heard).toEqual([coded("INVALID_OPTION", "budget"), coded("INVALID_OPTION", "the tx")]);
    });
  });
});
