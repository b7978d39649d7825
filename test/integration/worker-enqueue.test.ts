import { defineJob, HoldfastError, type JobContext, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const parent = defineJob({ name: "parent", retry: "none" });
const child = defineJob<{ tx?: string }>({ name: "child", queue: "children" });
const warning = "enqueue met a conflict; trying again";

/** Refuses inserts of children so many times. */
function conflictingInserts(times: number): {
  readonly wrap: (storage: Storage) => Storage;
  readonly tried: () => number;
} {
  let tried = 0;
  const wrap = (storage: Storage): Storage =>
    overriddenStorage(storage, {
      async insertJobs(...given: Parameters<Storage["insertJobs"]>) {
        if (given[0].every(({ name }) => name !== "child")) return storage.insertJobs(...given);
        if (++tried <= times) throw new HoldfastError("STORAGE_CONFLICT", "In the way.");
        return storage.insertJobs(...given);
      },
    });
  return { wrap, tried: () => tried };
}

describeWorkers((openBench) => {
  test("job.enqueue and job.enqueueMany enqueue like the client", async () => {
    const bench = await openBench();
    const handler = parent.handler(async (_, job) => {
      const one = await job.enqueue(child, {}, { delay: "1h", priority: 1 });
      const many = await job.enqueueMany([child.request({}), child.request({ tx: "0x1" })]);
      return [one, ...many].map(({ id }) => id);
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(parent, {});
    const { result } = await bench.finished(id);
    const { jobs } = await bench.client.jobs.list({ name: "child" });
    expect(jobs.map((job) => job.id).toReversed()).toEqual(result);
    expect(jobs.map(({ state, priority }) => [state, priority])).toEqual([
      ["available", 5],
      ["available", 5],
      ["scheduled", 1],
    ]);
  });

  test("a transient conflict is tried again after 100 ms, 300 ms and 1 s, each with a warning", async () => {
    const { wrap, tried } = conflictingInserts(3);
    const bench = await openBench({ wrap });
    let took = 0;
    const handler = parent.handler(async (_, job) => {
      const began = performance.now();
      // A payload member of this name is no transaction.
      await job.enqueue(child, { tx: "0x1" });
      took = performance.now() - began;
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(parent, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(tried()).toBe(4);
    expect(took).toBeGreaterThanOrEqual(1_390);
    const said = bench.log.said(warning);
    expect(said.map(({ level, fields }) => [level, fields["job"], fields["pause"]])).toEqual([
      ["warn", id, 100],
      ["warn", id, 300],
      ["warn", id, 1_000],
    ]);
  });

  test("inside a transaction nothing is repeated: the conflict has ended it", async () => {
    const { wrap, tried } = conflictingInserts(1);
    const bench = await openBench({ wrap });
    const heard: unknown[] = [];
    const calls: readonly ((job: JobContext, tx: object) => Promise<unknown>)[] = [
      (job, tx) => job.enqueue(child, {}, { tx }),
      (job, tx) => job.enqueueMany(child, [{}], { tx }),
      (job, tx) => job.enqueueMany([child.request({})], { tx }),
    ];
    const each = defineJob<number>({ name: "each", retry: "none" });
    const handler = each.handler((nth, job) =>
      job.transaction(async (tx) => {
        await calls[nth]?.(job, tx).catch((error: unknown) => heard.push(error));
      }),
    );
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(each, 0);
    await bench.finished(id);
    expect(heard).toEqual([coded("STORAGE_CONFLICT")]);
    expect(tried()).toBe(1);
    for (const nth of [1, 2]) {
      const again = await bench.client.enqueue(each, nth);
      await expect(bench.finished(again.id)).resolves.toMatchObject({ state: "completed" });
    }
    expect(bench.log.said(warning)).toEqual([]);
  });

  test("what no later try would mend is thrown at once", async () => {
    const bench = await openBench();
    const heard: unknown[] = [];
    const handler = parent.handler(async (_, job) => {
      const bad = { tx: 1n } as unknown as { tx: string };
      await job.enqueue(child, bad).catch((error: unknown) => heard.push(error));
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(parent, {});
    await bench.finished(id);
    expect(heard).toEqual([coded("PAYLOAD_INVALID", "tx")]);
    expect(bench.log.said(warning)).toEqual([]);
  });
});
