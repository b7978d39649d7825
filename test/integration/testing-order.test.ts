import { defineJob, type JobHandler } from "holdfast";
import { createManualClock, drain, runUntilIdle } from "holdfast/testing";
import { expect, test } from "vitest";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const mail = defineJob<{ nth: string }>({ name: "mail", queue: "mail" });
const file = defineJob<{ nth: string }>({ name: "file", queue: "files" });
const report = defineJob<{ nth: string }>({ name: "report", queue: "reports" });

/** Handlers that write down in which order they ran, and how many at once. */
function noted(): {
  readonly handlers: readonly JobHandler[];
  readonly order: string[];
  readonly together: () => number;
} {
  const order: string[] = [];
  let running = 0;
  let most = 0;
  const note = async ({ nth }: { readonly nth: string }) => {
    order.push(nth);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  const handlers = [mail, file, report].map((definition) => definition.handler(note));
  return { handlers, order, together: () => most };
}

async function enqueueAll({ client }: Bench): Promise<void> {
  await client.enqueueMany([
    report.request({ nth: "r1" }),
    mail.request({ nth: "m2 later" }, { delay: "1m" }),
    mail.request({ nth: "m1" }),
    file.request({ nth: "f2" }),
    file.request({ nth: "f1 urgent" }, { priority: 0 }),
    report.request({ nth: "r3 later" }, { delay: "1m" }),
    report.request({ nth: "r2 later, urgent" }, { delay: "1m", priority: 0 }),
    file.request({ nth: "f3" }),
    mail.request({ nth: "m3 last" }, { delay: "2m" }),
  ]);
}

const now = ["f1 urgent", "f2", "f3", "m1", "r1"];
const later = ["m2 later", "r2 later, urgent", "r3 later", "m3 last"];

describeWorkers((openBench) => {
  test("drain runs jobs one after the other in one order: due time, queue, priority, then as enqueued", async () => {
    for (let round = 0; round < 3; round += 1) {
      const bench = await openBench({ clock: createManualClock() });
      const { handlers, order, together } = noted();
      await enqueueAll(bench);
      await drain(bench.client, { handlers });
      expect(order).toEqual([...now, ...later]);
      expect(together()).toBe(1);
    }
  });

  test("runUntilIdle keeps the same order, whatever the order of its handlers", async () => {
    const bench = await openBench({ clock: createManualClock() });
    const { handlers, order } = noted();
    await enqueueAll(bench);
    await runUntilIdle(bench.client, { handlers: handlers.toReversed() });
    expect(order).toEqual(now);
  });

  test("a child runs when its queue and priority say, before what comes after its parent", async () => {
    const bench = await openBench();
    const order: string[] = [];
    const handlers = [
      mail.handler(async ({ nth }, { enqueue }) => {
        order.push(nth);
        if (nth === "m1") await enqueue(file, { nth: "child of m1" });
      }),
      file.handler(({ nth }) => void order.push(nth)),
    ];
    await bench.client.enqueueMany(mail, [{ nth: "m1" }, { nth: "m2" }]);
    await runUntilIdle(bench.client, { handlers });
    expect(order).toEqual(["m1", "child of m1", "m2"]);
  });

  test("retries come exactly after their backoff, without jitter, so their order is the same every time", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const from = clock.now();
    const flaky = defineJob<{ nth: string }>({
      name: "flaky",
      retry: { attempts: 4, backoff: { min: "1m", jitter: 1 } },
    });
    const order: string[] = [];
    const handler = flaky.handler(({ nth }, { attempt }) => {
      order.push(`${nth}${attempt} ${(clock.now() - from) / 60_000}`);
      throw new Error("no");
    });
    await bench.client.enqueueMany(flaky, [{ nth: "a" }, { nth: "b" }]);
    await drain(bench.client, { handlers: [handler] });
    expect(order).toEqual(["a1 0", "b1 0", "a2 1", "b2 1", "a3 3", "b3 3", "a4 7", "b4 7"]);
  });

  test("with a concurrency given jobs run together", async () => {
    const bench = await openBench();
    const both = [createLatch(), createLatch()];
    let begun = 0;
    const handler = mail.handler(async () => {
      both[begun++]?.open();
      for (const { opened } of both) await opened;
    });
    await bench.client.enqueueMany(mail, [{ nth: "1" }, { nth: "2" }]);
    await runUntilIdle(bench.client, { handlers: [handler], concurrency: 2 });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 2 });
  });
});
