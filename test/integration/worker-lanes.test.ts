import { defineJob, type Job } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";
import { startChild } from "./worker-child.ts";

interface Step {
  readonly account: string;
  readonly step: number;
  readonly fails?: boolean;
}

const account = (payload: Step) => payload.account;
const move = defineJob<Step>({ name: "move", lane: account });
const notify = defineJob<Step>({ name: "notify", queue: "mail", lane: account });

/** Payloads of one account, in order. */
function steps(name: string, count: number): readonly Step[] {
  return Array.from({ length: count }, (_, step) => ({ account: name, step }));
}

/** How far the clocks of two processes may be apart. */
const clockMs = 10;

/** Fails when two runs of these jobs overlap. */
function expectOneAtATime(jobs: readonly Job[]): void {
  const runs = jobs
    .flatMap(({ id, attempts }) => attempts.map(({ began, ended }) => ({ id, began, ended })))
    .sort((one, other) => one.began - other.began);
  const overlaps = runs.filter(
    ({ began }, index) => began + clockMs < (runs[index - 1]?.ended ?? 0),
  );
  expect(overlaps).toEqual([]);
}

describeWorkers((openBench, databases) => {
  test("the jobs of a lane run one at a time and in order, over names and queues, and lanes beside each other", async () => {
    const bench = await openBench();
    const order: string[] = [];
    const running = new Set<string>();
    const clashes: string[] = [];
    let most = 0;
    const run = async ({ account: lane, step }: Step) => {
      if (running.has(lane)) clashes.push(lane);
      running.add(lane);
      most = Math.max(most, running.size);
      order.push(`${lane}${step}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.delete(lane);
    };
    await bench.work([move.handler(run), notify.handler(run)]);
    const requests = steps("a", 8).flatMap((step) => [
      (step.step % 2 === 0 ? move : notify).request(step),
      move.request({ ...step, account: "b" }),
    ]);
    for (const { id } of await bench.client.enqueueMany(requests)) await bench.finished(id);
    for (const lane of ["a", "b"]) {
      const expected = steps(lane, 8).map(({ step }) => `${lane}${step}`);
      expect(order.filter((done) => done.startsWith(lane))).toEqual(expected);
    }
    expect([clashes, most]).toEqual([[], 2]);
    await expect(bench.storage.listHolders("lane:a", 10)).resolves.toEqual([]);
  });

  test("a lane that is let go wakes its next job at once, however rarely anybody looks", async () => {
    const bench = await openBench();
    await bench.work([move.handler(() => {})], { poll: "30s" });
    const began = performance.now();
    const receipts = await bench.client.enqueueMany(move, steps("a", 20));
    for (const { id } of receipts) await bench.finished(id);
    // By the pass alone, which comes once a second, it would take twenty.
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  test("so it does after a completion in a transaction, and for children stored there", async () => {
    const bench = await openBench();
    const done: number[] = [];
    const handler = move.handler((payload, job) =>
      job.transaction(async (tx) => {
        done.push(payload.step);
        if (payload.step < 10)
          await job.enqueue(move, { ...payload, step: payload.step + 10 }, { tx });
      }),
    );
    await bench.work([handler], { poll: "30s" });
    const began = performance.now();
    await bench.client.enqueueMany(move, steps("a", 5));
    await eventually("all are done", () => done.length === 10);
    expect(done).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  test("jobs enqueued in a transaction enter their lane with its commit", async () => {
    const bench = await openBench();
    await bench.work([move.handler(({ step }) => step)], { poll: "30s" });
    const receipts = await bench.client.transaction((tx) =>
      bench.client.enqueueMany(move, steps("a", 2), { tx }),
    );
    for (const [step, { id }] of receipts.entries()) {
      await expect(bench.finished(id)).resolves.toMatchObject({ result: step });
    }
  });

  test("a job that waits for its retry lets those behind it pass", async () => {
    const bench = await openBench();
    const order: number[] = [];
    const retry = { backoff: { min: "200ms", max: "200ms", jitter: 0 } } as const;
    const failing = defineJob<Step>({ name: "move", lane: account, retry });
    const handler = failing.handler(({ step, fails }, { attempt }) => {
      order.push(step);
      if (fails === true && attempt === 1) throw new Error("not yet");
    });
    await bench.work([handler]);
    const receipts = await bench.client.enqueueMany(failing, [
      { account: "a", step: 0, fails: true },
      { account: "a", step: 1 },
      { account: "a", step: 2 },
    ]);
    for (const { id } of receipts) await bench.finished(id);
    expect(order).toEqual([0, 1, 2, 0]);
  });

  test("a lane never waits for a job whose queue is paused, and that job goes on once it is not", async () => {
    const bench = await openBench();
    await bench.work([move.handler(() => {}), notify.handler(() => {})]);
    await bench.client.queues.pause("mail");
    const [first] = await bench.client.enqueueMany(notify, steps("a", 1));
    const [second] = await bench.client.enqueueMany(move, steps("a", 1));
    await bench.finished(second?.id ?? "");
    const held = await bench.job(first?.id ?? "");
    expect(held).toMatchObject({ state: "blocked", waitingFor: "lane:a", run: 0 });
    await bench.client.queues.resume("mail");
    await expect(bench.finished(held.id)).resolves.toMatchObject({ state: "completed" });
  });

  test("nor for one whose queue nobody serves, which the first worker to serve it takes up", async () => {
    const bench = await openBench();
    const unserved = await bench.client.enqueue(notify, { account: "a", step: 0 });
    const served = await bench.client.enqueue(move, { account: "a", step: 1 });
    await bench.work([move.handler(() => {})]);
    await bench.finished(served.id);
    await expect(bench.job(unserved.id)).resolves.toMatchObject({ state: "blocked", run: 0 });
    await bench.work([notify.handler(() => {})], { poll: "30s" });
    await expect(bench.finished(unserved.id)).resolves.toMatchObject({ state: "completed" });
  });

  test("a cancelled or deleted job of a lane makes way at once", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const handler = move.handler(async ({ step }) => {
      if (step > 0) return;
      began.open();
      await goOn.opened;
    });
    const [running, next, last] = await bench.client.enqueueMany(move, steps("a", 3));
    await bench.work([handler], { poll: "30s" });
    await began.opened;
    await bench.client.jobs.cancel(next?.id ?? "");
    goOn.open();
    await bench.finished(running?.id ?? "");
    await expect(bench.finished(last?.id ?? "")).resolves.toMatchObject({ state: "completed" });
    await expect(bench.job(next?.id ?? "")).resolves.toMatchObject({ state: "cancelled", run: 0 });
  });

  test("a worker that stops gives its job back, and the lane goes on with that job", async () => {
    const bench = await openBench();
    const order: number[] = [];
    const began = createLatch();
    const stuck = move.handler(async () => {
      began.open();
      await new Promise(() => {});
    });
    const [first, second] = await bench.client.enqueueMany(move, steps("a", 2));
    const worker = await bench.work([stuck], { drain: "20ms", grace: "20ms" });
    await began.opened;
    await worker.stop();
    // Blocked where nobody was left who could run it when it came back.
    expect((await bench.job(first?.id ?? ""))?.state).toMatch(/^(available|blocked)$/);
    await bench.work([move.handler(({ step }) => void order.push(step))]);
    await bench.finished(second?.id ?? "");
    expect(order).toEqual([0, 1]);
  });

  test("the lane of an enqueue takes the place of the definition's, and a job tells what it waits for", async () => {
    const bench = await openBench();
    const own = await bench.client.enqueue(move, { account: "a", step: 0 }, { lane: "b" });
    await expect(bench.job(own.id)).resolves.toMatchObject({
      state: "blocked",
      gates: [{ gate: "lane:b", weight: 1 }],
      waitingFor: "lane:b",
    });
  });

  // The rest needs a database that other processes can open.
  if (databases.kind === "SQLite in memory") return;

  test("over processes, the jobs of a lane run one at a time", async () => {
    const bench = await openBench();
    const plan = { client: bench.place, options: { poll: "50ms" } } as const;
    const children = await Promise.all([startChild(plan), startChild(plan), startChild(plan)]);
    for (const child of children) databases.closing(child);
    const ids: string[] = [];
    for (let index = 0; index < 24; index += 1) {
      const lane = `account ${index % 2}`;
      const { id } = await bench.client.enqueue("wait", 20, { lane });
      ids.push(id);
    }
    for (const id of ids)
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    const jobs = await Promise.all(ids.map(bench.job));
    for (const lane of [0, 1]) expectOneAtATime(jobs.filter((_, index) => index % 2 === lane));
    expect(new Set(jobs.map(({ result }) => result)).size).toBeGreaterThan(1);
  });

  test("the lane of a killed process is free once its job is rescued", async () => {
    const bench = await openBench({ threads: true });
    const lease = "1s";
    const waits = defineJob<number>({ name: "wait" });
    const child = databases.closing(await startChild({ client: bench.place, options: { lease } }));
    const first = await bench.client.enqueue(waits, 60_000, { lane: "a" });
    const second = await bench.client.enqueue(waits, 0, { lane: "a" });
    await child.began();
    await bench.work([waits.handler((ms) => ms)], { lease });
    child.signal("SIGKILL");
    await expect(bench.finished(second.id)).resolves.toMatchObject({
      state: "completed",
      result: 0,
    });
    const jobs = await Promise.all([first.id, second.id].map(bench.job));
    expectOneAtATime(jobs);
    expect(jobs[0]).toMatchObject({ attempts: [{ how: "crashed" }] });
  });
});
