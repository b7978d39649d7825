import { defineJob, HoldfastError, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

type Call = keyof Storage &
  (
    | "claimJobs"
    | "settleJobs"
    | "promoteJobs"
    | "checkLeases"
    | "patchJob"
    | "listWorkers"
    | "listOrphans"
    | "registerWorker"
  );

const calls: readonly Call[] = [
  "claimJobs",
  "settleJobs",
  "promoteJobs",
  "checkLeases",
  "patchJob",
  "listWorkers",
  "listOrphans",
  "registerWorker",
];

/** A storage that can be made unreachable, and counts the calls that met that. */
function fragile() {
  const met = new Map<Call, number>();
  let down = false;
  const wrap = (storage: Storage): Storage => {
    const guarded = calls.map((name) => [
      name,
      async (...given: unknown[]) => {
        if (down) {
          met.set(name, (met.get(name) ?? 0) + 1);
          throw new HoldfastError("STORAGE_UNAVAILABLE", "The database cannot be reached.");
        }
        return Reflect.apply(storage[name], storage, given) as unknown;
      },
    ]);
    return overriddenStorage(storage, Object.fromEntries(guarded) as Partial<Storage>);
  };
  return {
    wrap,
    fall: () => void (down = true),
    rise: () => void (down = false),
    met: (name: Call) => met.get(name) ?? 0,
  };
}

const job = defineJob<number, number>({ name: "job", retry: { attempts: 2 } });

describeWorkers((openBench) => {
  test("an outage while jobs run delays everything and charges nothing", async () => {
    const { wrap, fall, rise, met } = fragile();
    const bench = await openBench({ wrap });
    const goOn = createLatch();
    let running = 0;
    let runs = 0;
    const handler = job.handler(async (number) => {
      running += 1;
      runs += 1;
      await goOn.opened;
      return number * 2;
    });
    const receipts = await bench.client.enqueueMany(job, [1, 2, 3, 4, 5]);
    await bench.work([handler], { queues: { default: { concurrency: 3 } } });
    await eventually("three run", () => running === 3);
    fall();
    goOn.open();
    await eventually("settling has met the outage several times", () => met("settleJobs") >= 4);
    await eventually("claiming has, too", async () => {
      await bench.storage.wake(["default"]);
      return met("promoteJobs") >= 4;
    });
    rise();
    for (const [index, { id }] of receipts.entries()) {
      await expect(bench.finished(id)).resolves.toMatchObject({ result: (index + 1) * 2 });
      await expect(bench.job(id)).resolves.toMatchObject({
        attempt: 1,
        crashes: 0,
        attempts: [{ how: "completed" }],
      });
    }
    expect(runs).toBe(5);
    expect(bench.log.said("settling failed; trying again")).toHaveLength(1);
  });

  test("a settlement that was written while its answer was lost is no lost lease, and its failure is logged", async () => {
    let losing = true;
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          async settleJobs(...given: Parameters<Storage["settleJobs"]>) {
            const answers = await storage.settleJobs(...given);
            if (!losing) return answers;
            losing = false;
            throw new HoldfastError("STORAGE_UNAVAILABLE", "The answer was lost.");
          },
        }),
    });
    const handler = job.handler(() => {
      throw new Error("no");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, 1);
    await eventually("it is logged", () => bench.log.said("attempt failed").length > 0);
    expect(bench.log.said("attempt failed")).toMatchObject([
      { level: "warn", fields: { job: id, state: "retryable", error: { message: "no" } } },
    ]);
    expect(bench.log.lines.filter(({ message }) => /lease lost/.test(message))).toEqual([]);
  });

  test("a claim that fails is tried again, and said once per outage", async () => {
    const { wrap, fall, rise, met } = fragile();
    const bench = await openBench({ wrap });
    await bench.work([job.handler((number) => number)]);
    fall();
    const { id } = await bench.client.enqueue(job, 1);
    await eventually("claims have failed", () => met("claimJobs") >= 3);
    rise();
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 1 });
    const ofClaims = () => bench.log.lines.filter(({ fields }) => fields["chore"] === "claim");
    const recovered = () => ofClaims().filter(({ message }) => message === "recovered");
    // The job may be over before the chore that claimed it.
    await eventually("the chore says so", () => recovered().length > 0);
    expect(ofClaims().filter(({ level }) => level === "warn")).toHaveLength(1);
    expect(recovered()).toHaveLength(1);
  });

  test("a start that cannot register throws, and may be tried again", async () => {
    const { wrap, fall, rise } = fragile();
    const bench = await openBench({ wrap });
    fall();
    await expect(bench.work([job.handler((number) => number)])).rejects.toEqual(
      coded("STORAGE_UNAVAILABLE"),
    );
    rise();
    await bench.work([job.handler((number) => number)]);
    const { id } = await bench.client.enqueue(job, 1);
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 1 });
  });

  test("stop ends also when the database is gone, and leaves the jobs to their leases", async () => {
    const { wrap, fall, rise } = fragile();
    const bench = await openBench({ wrap });
    const began = createLatch();
    const handler = job.handler(() => {
      began.open();
      return new Promise<number>(() => {});
    });
    const worker = await bench.work([handler], { lease: "500ms", drain: 0, grace: "20ms" });
    await bench.client.enqueue(job, 1);
    await began.opened;
    fall();
    await worker.stop();
    expect(bench.log.said("stopping with jobs that could not be released")).toHaveLength(1);
    rise();
  });

  test("an outcome storage refuses for good is a failed attempt, and its neighbours are unharmed", async () => {
    const goOn = createLatch();
    const batches: number[] = [];
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          async settleJobs(...given: Parameters<Storage["settleJobs"]>) {
            batches.push(given[0].length);
            if (given[0].some(({ result }) => result === "666")) {
              throw new HoldfastError("STORAGE_FAILED", "This cannot be stored.");
            }
            return storage.settleJobs(...given);
          },
        }),
    });
    let running = 0;
    const once = defineJob<number, number>({ name: "once", retry: "none" });
    const handler = once.handler(async (number) => {
      running += 1;
      await goOn.opened;
      return number;
    });
    const receipts = await bench.client.enqueueMany(once, [1, 666, 2]);
    await bench.work([handler]);
    await eventually("all run", () => running === 3);
    goOn.open();
    const states: string[] = [];
    for (const { id } of receipts) states.push((await bench.finished(id)).state);
    expect(states).toEqual(["completed", "discarded", "completed"]);
    expect(batches[0], "they were written together").toBe(3);
    const refused = await bench.job(receipts[1]?.id ?? "");
    expect(refused.attempts).toMatchObject([{ how: "failed", error: { code: "STORAGE_FAILED" } }]);
    expect(refused.result).toBeUndefined();
  });

  test("while storage refuses everything, as on a full disk, the outcome is kept and written later", async () => {
    let full = false;
    let refused = 0;
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          async settleJobs(...given: Parameters<Storage["settleJobs"]>) {
            if (full) {
              refused += 1;
              throw new HoldfastError("STORAGE_FAILED", "The disk is full.");
            }
            return storage.settleJobs(...given);
          },
        }),
    });
    await bench.work([job.handler((number) => number)]);
    full = true;
    const { id } = await bench.client.enqueue(job, 7);
    await eventually("it is refused again and again", () => refused >= 3);
    full = false;
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed", result: 7 });
  });

  test("losing every wakeup costs latency, never a job", async () => {
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          wake: async () => {},
          wakeCancelled: async () => {},
          listen: async () => ({ waitFor: async () => false, stop: async () => {} }),
        }),
    });
    const never = defineJob({ name: "never" });
    const began = createLatch();
    const handlers = [
      job.handler((number) => number),
      never.handler(async (_, { signal }) => {
        began.open();
        await aborted(signal);
        signal.throwIfAborted();
      }),
    ];
    await bench.work(handlers, { poll: "100ms", heartbeat: "100ms" });
    await eventually("it is idle", () => bench.log.said("worker started").length === 1);
    const now = await bench.client.enqueue(job, 1);
    const later = await bench.client.enqueue(job, 2, { delay: "150ms" });
    const stuck = await bench.client.enqueue(never, {});
    await began.opened;
    await bench.client.jobs.cancel(stuck.id);
    await expect(bench.finished(now.id)).resolves.toMatchObject({ result: 1 });
    await expect(bench.finished(later.id)).resolves.toMatchObject({ result: 2 });
    await expect(bench.finished(stuck.id)).resolves.toMatchObject({ state: "cancelled" });
  });

  test("a worker that cannot listen starts all the same, with a warning", async () => {
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          listen: async () => {
            throw new HoldfastError("STORAGE_UNAVAILABLE", "No connection to listen on.");
          },
        }),
    });
    await bench.work([job.handler((number) => number)]);
    const { id } = await bench.client.enqueue(job, 1);
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 1 });
    expect(bench.log.said("cannot hear wakeups; polling alone finds the work")).toHaveLength(1);
  });
});
