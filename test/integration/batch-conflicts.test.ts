import { type BatchItem, defineJob, type JobBatch, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { overriddenStorage } from "../support/overridden.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

interface Payload {
  n: number;
}

const job = defineJob<Payload>({
  name: "job",
  retry: { attempts: 3, backoff: "fixed", delay: "1h", resetAfter: 1e9 },
});

/** What another transaction's deadlock would throw; the storage tells it from a fault of the items. */
const deadlock = new Error("deadlock detected");

/** A storage that knows the deadlock above for what it is. */
function tellingConflicts(storage: Storage): Storage {
  return overriddenStorage(storage, {
    async savepoint(tx, fn) {
      const answer = await storage.savepoint(tx, fn);
      return answer.kept ? answer : { ...answer, conflict: answer.thrown === deadlock };
    },
  });
}

async function oneBatch(
  bench: Bench,
  count: number,
  run: (batch: JobBatch<Payload>) => Promise<void>,
): Promise<readonly string[]> {
  const payloads = Array.from({ length: count }, (_, n) => ({ n }));
  const ids = (await bench.client.enqueueMany(job, payloads)).map(({ id }) => id);
  await bench.work([job.batchHandler({ size: count, concurrent: 1 }, run)]);
  for (const id of ids) {
    await bench.jobOnce(id, "has had an attempt", ({ attempts }) => attempts.length > 0);
  }
  return ids;
}

describeWorkers((openBench) => {
  test("a conflict splits nothing and is not charged to the probe budget", async () => {
    const bench = await openBench({ wrap: tellingConflicts });
    const probes: number[] = [];
    const ids = await oneBatch(bench, 4, (batch) =>
      batch.transaction((tx) =>
        batch.bisect(
          tx,
          async (items) => {
            probes.push(items.length);
            if (probes.length <= 2) throw deadlock;
          },
          { budget: 1 },
        ),
      ),
    );
    expect(probes).toEqual([4, 4, 4]);
    for (const id of ids)
      await expect(bench.job(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("a third conflict ends the transaction, which runs again from the start", async () => {
    const bench = await openBench({ wrap: tellingConflicts });
    let transactions = 0;
    const ids = await oneBatch(bench, 2, (batch) =>
      batch.transaction((tx) => {
        transactions += 1;
        return batch.bisect(tx, async () => {
          if (transactions < 3) throw deadlock;
        });
      }),
    );
    expect(transactions).toBe(3);
    for (const id of ids)
      await expect(bench.job(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("conflicts without end are a failed attempt of the whole batch", async () => {
    const bench = await openBench({ wrap: tellingConflicts });
    let probes = 0;
    const ids = await oneBatch(bench, 2, (batch) =>
      batch.transaction((tx) =>
        batch.bisect(tx, async () => {
          probes += 1;
          throw deadlock;
        }),
      ),
    );
    expect(probes).toBe(9);
    for (const id of ids) {
      await expect(bench.job(id)).resolves.toMatchObject({
        state: "retryable",
        attempts: [{ how: "failed", error: { code: "TRANSACTION_RETRY" } }],
      });
    }
  });

  test("an item tried in isolation is tried again after a conflict", async () => {
    const bench = await openBench({ wrap: tellingConflicts });
    const tries: number[] = [];
    const ids = await oneBatch(bench, 2, (batch) =>
      batch.transaction((tx) =>
        batch.isolated(tx, async ({ payload }: BatchItem<Payload>) => {
          tries.push(payload.n);
          if (tries.length === 1) throw deadlock;
        }),
      ),
    );
    expect(tries).toEqual([0, 0, 1]);
    for (const id of ids)
      await expect(bench.job(id)).resolves.toMatchObject({ state: "completed" });
  });
});
