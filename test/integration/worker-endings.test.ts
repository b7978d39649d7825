import { CancelError, DiscardError, defineJob, type Ending, type JobContext } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

/** So short a backoff would begin the count anew after any run a busy machine makes long. */
const fixed = { backoff: "fixed", delay: "10ms", resetAfter: 1e9 } as const;

describeWorkers((openBench) => {
  test("a returned value completes the job and is its result", async () => {
    const bench = await openBench();
    const add = defineJob<{ a: number }, { sum: number }>({ name: "add" });
    await bench.work([add.handler(({ a }) => ({ sum: a + 1 }))]);
    const { id } = await bench.client.enqueue(add, { a: 1 });
    await expect(bench.finished(id)).resolves.toEqual({
      state: "completed",
      result: { sum: 2 },
      reason: null,
    });
    await expect(bench.job(id)).resolves.toMatchObject({
      attempts: [{ number: 1, run: 1, how: "completed" }],
      worker: null,
    });
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  test.each([
    ["an error", new TypeError("broken"), { name: "TypeError", message: "broken" }],
    ["undefined", undefined, { name: "NonErrorThrown", message: "undefined" }],
    ["a string", "oh no", { name: "NonErrorThrown", message: "oh no" }],
    ["a cyclic object", cyclic, { name: "NonErrorThrown" }],
  ])(
    "a handler that throws %s makes one failed attempt and the worker lives on",
    async (...row) => {
      const [, thrown, stored] = row;
      const bench = await openBench();
      const bad = defineJob({ name: "bad", retry: { attempts: 2, ...fixed } });
      const handler = bad.handler((_, job) => {
        if (job.attempt === 1) throw thrown as Error;
        return "fine";
      });
      await bench.work([handler]);
      const { id } = await bench.client.enqueue(bad, {});
      await expect(bench.finished(id)).resolves.toMatchObject({ result: "fine" });
      const { attempts } = await bench.job(id);
      expect(attempts).toMatchObject([
        { number: 1, how: "failed", error: stored },
        { number: 2, how: "completed" },
      ]);
    },
  );

  test("a job whose attempts have all failed is discarded", async () => {
    const bench = await openBench();
    const bad = defineJob({ name: "bad", retry: { attempts: 2, ...fixed } });
    const handler = bad.handler(() => {
      throw new Error("no");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(bad, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED", message: "All 2 attempts failed." },
    });
  });

  test.each([
    ["rescheduleIn", (job: JobContext) => job.rescheduleIn("20ms")],
    ["rescheduleAt", (job: JobContext) => job.rescheduleAt(job.clock.now() + 20)],
    ["rescheduleNow", (job: JobContext) => job.rescheduleNow()],
  ])("%s is a success: the attempt starts at 1 again and the state is kept", async (_, again) => {
    const bench = await openBench();
    const count = defineJob({ name: "count", retry: { attempts: 2, ...fixed } });
    const seen: [number, number][] = [];
    const handler = count.handler(async (_payload, job): Promise<Ending | string> => {
      const runs = (job.state.get<number>() ?? 0) + 1;
      await job.state.set(runs);
      seen.push([job.attempt, runs]);
      if (runs === 1) throw new Error("the second attempt reschedules");
      return runs < 4 ? again(job) : "counted";
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(count, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [1, 3],
      [1, 4],
    ]); // prettier-ignore
    const { attempts } = await bench.job(id);
    expect(attempts.map(({ how }) => how)).toEqual([
      "failed",
      "rescheduled",
      "rescheduled",
      "completed",
    ]);
  });

  test("a snooze spends no attempt", async () => {
    const bench = await openBench();
    const nap = defineJob({ name: "nap", retry: "none" });
    const numbers: number[] = [];
    const handler = nap.handler((_, job): Ending | string => {
      numbers.push(job.attempt);
      return numbers.length < 4 ? job.snooze("5ms") : "awake";
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(nap, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "awake" });
    expect(numbers).toEqual([1, 1, 1, 1]);
    const { attempts, run } = await bench.job(id);
    expect(attempts.map(({ how }) => how)).toEqual(["snoozed", "snoozed", "snoozed", "completed"]);
    expect(run).toBe(4);
  });

  test.each([
    ["job.cancel", (job: JobContext) => job.cancel("not wanted")],
    [
      "a thrown CancelError",
      (): Ending => {
        throw new CancelError("not wanted");
      },
    ],
  ])("%s ends the job as cancelled with its reason", async (_, end) => {
    const bench = await openBench();
    const one = defineJob({ name: "one" });
    await bench.work([one.handler((_payload, job) => end(job))]);
    const { id } = await bench.client.enqueue(one, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "cancelled",
      reason: { code: "JOB_CANCELLED", message: "not wanted" },
    });
  });

  test.each([
    ["job.discard", (job: JobContext) => job.discard("hopeless")],
    [
      "a thrown DiscardError",
      (): Ending => {
        throw new DiscardError("hopeless");
      },
    ],
  ])("%s gives the job up whatever attempts are left", async (_, end) => {
    const bench = await openBench();
    const one = defineJob({ name: "one" });
    await bench.work([one.handler((_payload, job) => end(job))]);
    const { id } = await bench.client.enqueue(one, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "JOB_DISCARDED", message: "hopeless" },
    });
    expect((await bench.job(id)).attempts).toHaveLength(1);
  });

  test("a reason no database can keep is made one it can", async () => {
    const bench = await openBench();
    const one = defineJob({ name: "one" });
    await bench.work([one.handler((_payload, job) => job.cancel("a\u0000b\ud800"))]);
    const { id } = await bench.client.enqueue(one, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "cancelled",
      reason: { message: "a\ufffdb\ufffd" },
    });
  });

  test("a second ending throws ALREADY_SETTLED and the first stands", async () => {
    const bench = await openBench();
    const one = defineJob({ name: "one" });
    const heard: unknown[] = [];
    const handler = one.handler(async (_, job) => {
      job.discard("first");
      const others: readonly (() => unknown)[] = [
        () => job.cancel("second"),
        () => job.snooze("1s"),
        () => job.throttle(),
        () => job.rescheduleNow(),
        () => job.transaction(async () => {}),
      ];
      for (const other of others) {
        await Promise.resolve()
          .then(other)
          .catch((error: unknown) => heard.push(error));
      }
      throw new Error("afterwards");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(one, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ reason: { message: "first" } });
    expect(heard).toEqual(Array.from({ length: 5 }, () => coded("ALREADY_SETTLED")));
  });

  test("an ending with a bad delay fails the attempt with INVALID_OPTION", async () => {
    const bench = await openBench();
    const one = defineJob({ name: "one", retry: "none" });
    await bench.work([one.handler((_, job) => job.rescheduleAt(Number.NaN))]);
    const { id } = await bench.client.enqueue(one, {});
    await bench.finished(id);
    const { attempts } = await bench.job(id);
    expect(attempts).toMatchObject([{ how: "failed", error: { code: "INVALID_OPTION" } }]);
  });
});
