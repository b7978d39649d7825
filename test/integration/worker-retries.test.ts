import { defineJob, type RetryOptions } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { expect, test } from "vitest";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

function failing(retry: RetryOptions) {
  return defineJob({ name: "failing", retry });
}

/** The delay booked after so many attempts. */
async function delayAfter(bench: Bench, id: string, attempts: number): Promise<number> {
  const job = await bench.jobOnce(
    id,
    `waits after attempt ${attempts}`,
    (found) => found.attempts.length === attempts && found.state === "retryable",
  );
  return job.runAt - (job.attempts.at(-1)?.ended ?? 0);
}

describeWorkers((openBench) => {
  test('retry "none" is one run', async () => {
    const bench = await openBench();
    const once = failing("none");
    let runs = 0;
    const handler = once.handler(() => {
      runs += 1;
      throw new Error("no");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(once, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED", message: "The only attempt failed." },
    });
    expect(runs).toBe(1);
  });

  const seven = { backoff: "fixed", delay: "7s" } as const;
  const curve = { backoff: { min: "1s", max: "3s", factor: 2, jitter: 0 } } as const;
  test.each([
    ["a fixed backoff waits the same after every attempt", seven, [7_000, 7_000, 7_000]],
    ["an exponential backoff grows by its factor up to its max", curve, [1_000, 2_000, 3_000]],
  ])("%s", async (_, retry, expected) => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const job = failing(retry);
    const handler = job.handler(() => {
      throw new Error("no");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    const delays: number[] = [];
    for (const attempt of [1, 2, 3]) {
      const delay = await delayAfter(bench, id, attempt);
      delays.push(delay);
      await clock.advance(delay);
    }
    expect(delays).toEqual(expected);
  });

  test("a backoff function chooses each delay by attempt and error", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const asked: unknown[] = [];
    const job = failing({
      backoff: (attempt, error) => {
        asked.push([attempt, error instanceof Error && error.message]);
        return attempt * 1_000;
      },
    });
    const handler = job.handler((_, { attempt }) => {
      throw new Error(`failure ${attempt}`);
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    expect(await delayAfter(bench, id, 1)).toBe(1_000);
    await clock.advance("1s");
    expect(await delayAfter(bench, id, 2)).toBe(2_000);
    expect(asked).toEqual([
      [1, "failure 1"],
      [2, "failure 2"],
    ]);
  });

  test.each([
    ["throws", (): number => JSON.parse("{") as number],
    ["gives no duration", (): number => Number.NaN],
  ])(
    "a backoff function that %s is replaced by the default curve, with a warning",
    async (_, backoff) => {
      const clock = createManualClock();
      const bench = await openBench({ clock });
      const job = failing({ backoff });
      const handler = job.handler(() => {
        throw new Error("no");
      });
      await bench.work([handler]);
      const { id } = await bench.client.enqueue(job, {});
      const delay = await delayAfter(bench, id, 1);
      expect(delay).toBeGreaterThanOrEqual(800);
      expect(delay).toBeLessThanOrEqual(1_200);
      const said = bench.log.said("the backoff function failed; the default curve decides");
      expect(said).toMatchObject([{ level: "warn", fields: { job: id } }]);
    },
  );

  test("unlimited attempts go on past every limit", async () => {
    const bench = await openBench();
    const job = failing({ attempts: "unlimited", backoff: "fixed", delay: 0, resetAfter: 1e9 });
    const handler = job.handler((_, { attempt }) => {
      if (attempt <= 40) throw new Error("not yet");
      return attempt;
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed", result: 41 });
    expect((await bench.job(id)).attempts).toHaveLength(32);
  });

  test("an attempt that ran longer than resetAfter times the backoff before it counts as the first again, also for a backoff function", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const asked: number[] = [];
    const job = failing({
      attempts: 2,
      resetAfter: 3,
      backoff: (attempt) => {
        asked.push(attempt);
        return 1_000;
      },
    });
    const numbers: number[] = [];
    let began = createLatch();
    let goOn = createLatch();
    const handler = job.handler(async (_, { attempt }) => {
      numbers.push(attempt);
      began.open();
      await goOn.opened;
      throw new Error("no");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(job, {});
    const run = async (ranMs: number): Promise<void> => {
      await began.opened;
      await clock.advance(ranMs);
      began = createLatch();
      const release = goOn;
      goOn = createLatch();
      release.open();
    };
    await run(60_000);
    await delayAfter(bench, id, 1);
    // Waiting in the queue does not count as running.
    await bench.client.queues.pause("default");
    await clock.advance("1h");
    await bench.client.queues.resume("default");
    await run(3_001);
    await delayAfter(bench, id, 2);
    await clock.advance("1s");
    await run(3_000);
    await expect(bench.finished(id)).resolves.toMatchObject({
      reason: { code: "ATTEMPTS_EXHAUSTED", message: "All 2 attempts failed." },
    });
    expect(numbers).toEqual([1, 2, 2]);
    expect(asked).toEqual([1, 1, 2]);
  });

  test.each([
    ["warnAttempts 2", 2, ["warn", "error", "error"]],
    ["warnAttempts null", null, ["warn", "warn", "error"]],
  ])(
    "with %s failures are logged as rarely loud as asked, and a terminal one as an error",
    async (_, warnAttempts, levels) => {
      const bench = await openBench();
      const never = { resetAfter: 1e9 };
      const job = failing({ attempts: 3, warnAttempts, backoff: "fixed", delay: "1ms", ...never });
      const handler = job.handler(() => {
        throw new Error("no");
      });
      await bench.work([handler]);
      const { id } = await bench.client.enqueue(job, {});
      await bench.finished(id);
      const lines = () =>
        bench.log.lines.filter(({ message }) =>
          ["attempt failed", "job discarded"].includes(message),
        );
      // Whoever waits for the job may hear of its end a moment before the worker logs it.
      await expect.poll(() => lines().map(({ level }) => level)).toEqual(levels);
      expect(lines().at(-1)).toMatchObject({
        message: "job discarded",
        fields: { job: id, name: "failing", attempt: 3, error: { message: "no" } },
      });
    },
  );
});
