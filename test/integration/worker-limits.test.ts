import { defineJob, type LimitSettings } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

/** Waits until so many jobs are in each of these states. */
function counts(bench: Bench, wanted: Readonly<Record<string, number>>): Promise<unknown> {
  return eventually(`there are ${JSON.stringify(wanted)}`, async () => {
    const now: Readonly<Record<string, number>> = await bench.client.jobs.count();
    return Object.entries(wanted).every(([state, count]) => now[state] === count);
  });
}

/** Counts how many run at once. */
function createCensus() {
  let now = 0;
  let most = 0;
  return {
    most: () => most,
    enter: () => {
      now += 1;
      most = Math.max(most, now);
    },
    leave: () => {
      now -= 1;
    },
  };
}

describeWorkers((openBench) => {
  test("a rate lets as many jobs run as it has tokens, and the others as tokens come back", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const mail = defineJob({ name: "mail", limits: [{ rate: "3/1m" }] });
    await bench.work([mail.handler(() => {})]);
    await bench.client.enqueueMany(mail, [1, 2, 3, 4, 5]);
    await counts(bench, { completed: 3, blocked: 2 });
    await clock.advance("19s");
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 3, blocked: 2 });
    await clock.advance("1s");
    await counts(bench, { completed: 4, blocked: 1 });
    await clock.advance("20s");
    await counts(bench, { completed: 5 });
  });

  test("with by, each key is counted apart", async () => {
    const bench = await openBench();
    const mail = defineJob<string>({
      name: "mail",
      limits: [{ rate: "1/1h", by: (tenant) => tenant }],
    });
    await bench.work([mail.handler(() => {})]);
    const receipts = await bench.client.enqueueMany(mail, ["a", "a", "b", "b", "c"]);
    await counts(bench, { completed: 3, blocked: 2 });
    const states = await Promise.all(receipts.map(async ({ id }) => (await bench.job(id)).state));
    expect(states).toEqual(["completed", "blocked", "completed", "blocked", "completed"]);
  });

  test("a capped type runs no more at once than its cap, and starves no other type of its queue", async () => {
    const bench = await openBench();
    const census = createCensus();
    const goOn = createLatch();
    const slow = defineJob({ name: "slow", limits: [{ concurrent: 2 }] });
    const quick = defineJob({ name: "quick" });
    const handlers = [
      slow.handler(async () => {
        census.enter();
        await goOn.opened;
        census.leave();
      }),
      quick.handler(() => {}),
    ];
    await bench.client.enqueueMany(slow, Array<number>(40).fill(0));
    const behind = await bench.client.enqueueMany(quick, Array<number>(20).fill(0));
    const queues = { default: { concurrency: 4 } };
    await bench.work(handlers, { queues });
    await bench.work(handlers, { queues });
    for (const { id } of behind) await bench.finished(id);
    await counts(bench, { running: 2, blocked: 38, completed: 20 });
    goOn.open();
    await counts(bench, { completed: 60 });
    expect(census.most()).toBe(2);
  });

  test("a limit is shared by the definitions that name it, and several limits hold together", async () => {
    const bench = await openBench();
    const census = createCensus();
    const goOn = createLatch();
    const handled = ["read", "write"].map((name) =>
      defineJob({ name, limits: [{ scope: "disk", concurrent: 3 }, { concurrent: 2 }] }),
    );
    const run = async () => {
      census.enter();
      await goOn.opened;
      census.leave();
    };
    await bench.client.enqueueMany(
      handled.flatMap((job) => [1, 2, 3, 4].map((n) => job.request(n))),
    );
    await bench.work(handled.map((job) => job.handler(run)));
    await counts(bench, { running: 3, blocked: 5 });
    goOn.open();
    await counts(bench, { completed: 8 });
    expect(census.most()).toBe(3);
  });

  test("a heavier job takes more of a limit, and one too heavy for it runs alone", async () => {
    const bench = await openBench();
    const goOn = createLatch();
    const heavy = defineJob({
      name: "heavy",
      limits: [{ scope: "disk", concurrent: 5, weight: 3 }],
    });
    const light = defineJob({ name: "light", limits: [{ scope: "disk", concurrent: 5 }] });
    const huge = defineJob({ name: "huge", limits: [{ scope: "disk", concurrent: 5, weight: 9 }] });
    const order: string[] = [];
    const handlers = [heavy, light, huge].map((job) =>
      job.handler(async (_, { name }) => {
        order.push(name);
        await goOn.opened;
      }),
    );
    await bench.client.enqueueMany([
      heavy.request(1),
      light.request(1),
      light.request(2),
      light.request(3),
      huge.request(1),
    ]);
    await bench.work(handlers);
    await counts(bench, { running: 3, blocked: 2 });
    goOn.open();
    await counts(bench, { completed: 5 });
    expect(order.slice(0, 3).toSorted()).toEqual(["heavy", "light", "light"]);
    expect(order.at(-1)).toBe("huge");
  });

  test("an edit counts from then on, and no later start changes it back", async () => {
    const bench = await openBench();
    const goOn = createLatch();
    const report = defineJob({ name: "report", limits: [{ concurrent: 1 }] });
    const handler = report.handler(() => goOn.opened);
    const worker = await bench.work([handler]);
    await bench.client.enqueueMany(report, [1, 2, 3, 4, 5]);
    await counts(bench, { running: 1, blocked: 4 });
    await bench.client.limits.update("report", { concurrent: 3 });
    await counts(bench, { running: 3, blocked: 2 });
    goOn.open();
    await counts(bench, { completed: 5 });
    await worker.stop();
    const later = await openBench({ on: bench });
    const edited = defineJob({ name: "report", limits: [{ concurrent: 9 }] });
    await later.client.limits.declare({ report: { concurrent: 9 } });
    await later.work([edited.handler(() => {})]);
    await expect(bench.client.limits.list()).resolves.toEqual([
      { scope: "report", concurrent: 3, rate: null, edited: true, held: 0, waiting: 0 },
    ]);
  });

  test("limits are declared by the first enqueue, by a worker's start, by worker.add and by hand", async () => {
    const bench = await openBench();
    const named = (name: string, scope: string) =>
      defineJob({ name, limits: [{ scope, rate: "1/1s" }] });
    const names = async () => (await bench.client.limits.list()).map(({ scope }) => scope);
    await bench.client.enqueue(named("first", "by-enqueue"), {});
    expect(await names()).toEqual(["by-enqueue"]);
    await bench.client.transaction(async (tx) => {
      await bench.client.enqueue(named("second", "by-transaction"), {}, { tx });
    });
    expect(await names()).toEqual(["by-enqueue", "by-transaction"]);
    await bench.client.limits.declare({ "by-hand": { concurrent: 7 }, shared: { concurrent: 2 } });
    const worker = await bench.work([named("third", "shared").handler(() => {})]);
    await worker.add(named("fourth", "by-add").handler(() => {}));
    expect(await bench.client.limits.list()).toMatchObject([
      { scope: "by-add" },
      { scope: "by-enqueue" },
      { scope: "by-hand", concurrent: 7 },
      { scope: "by-transaction" },
      { scope: "shared", concurrent: 2, rate: null },
    ]);
  });

  test("a key that comes to nothing is refused and stores nothing", async () => {
    const bench = await openBench();
    const mail = defineJob<string>({
      name: "mail",
      limits: [{ concurrent: 1, by: (tenant) => tenant }],
    });
    await expect(bench.client.enqueue(mail, "")).rejects.toEqual(
      coded("INVALID_OPTION", "by must"),
    );
    await expect(bench.client.jobs.list()).resolves.toMatchObject({ jobs: [] });
  });
});

describeWorkers((openBench) => {
  const limits = { "mail-api": { rate: "2/1m" } } as const;
  const mail = defineJob<number>({ name: "mail" });

  test("a handler takes its turn of a rate, and comes back when there is one", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const sent: number[] = [];
    const handler = mail.handler(async (number, job) => {
      const turn = await job.rateLimit.acquire("mail-api");
      if (!turn.granted) return job.snooze(turn.retryAfter);
      return sent.push(number);
    });
    await bench.client.limits.declare(limits);
    await bench.work([handler], { queues: { default: { concurrency: 1 } } });
    const receipts = await bench.client.enqueueMany(mail, [1, 2, 3]);
    await counts(bench, { completed: 2, scheduled: 1 });
    const last = await bench.job(receipts[2]?.id ?? "");
    expect(last).toMatchObject({ state: "scheduled", runAt: clock.now() + 30_000, attempt: 0 });
    await clock.advance("30s");
    await counts(bench, { completed: 3 });
    expect(sent).toEqual([1, 2, 3]);
  });

  test("a handler that met a 429 empties the rate for everybody, jobs and handlers", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const counted = defineJob({ name: "counted", limits: [{ scope: "mail-api", rate: "2/1m" }] });
    const handlers = [
      mail.handler((_, job) => job.rateLimit.drain("mail-api", { for: "5m" })),
      counted.handler(() => {}),
    ];
    await bench.client.limits.declare(limits);
    await bench.work(handlers);
    await bench.finished((await bench.client.enqueue(mail, 1)).id);
    const { id } = await bench.client.enqueue(counted, {});
    const denied = { granted: false, retryAfter: 300_000 };
    await expect(bench.client.limits.acquire("mail-api")).resolves.toEqual(denied);
    await expect(bench.client.limits.acquire("mail-api", { by: "other" })).resolves.toEqual({
      granted: true,
    });
    await expect(bench.job(id)).resolves.toMatchObject({ state: "blocked" });
    await clock.advance("5m");
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("a limit nobody declared grants nothing, and a warning says so by code", async () => {
    const bench = await openBench();
    const grants: unknown[] = [];
    const handler = mail.handler(async (_, job) => {
      grants.push(await job.rateLimit.acquire("typo"));
    });
    await bench.work([handler]);
    for (const n of [1, 2]) await bench.finished((await bench.client.enqueue(mail, n)).id);
    const denied = { granted: false, retryAfter: 60_000 };
    expect(grants).toEqual([denied, denied]);
    const warned = bench.log.lines.filter(({ fields }) => fields["code"] === "LIMIT_UNDECLARED");
    expect(warned).toMatchObject([{ level: "warn", fields: { scope: "typo" } }]);
  });

  test("inside a transaction taking a turn is refused, and waits for nothing", async () => {
    const bench = await openBench();
    const heard: unknown[] = [];
    const handler = mail.handler((_, job) =>
      job.transaction(async () => {
        await job.rateLimit.acquire("mail-api").catch((error: unknown) => heard.push(error));
      }),
    );
    await bench.client.limits.declare(limits);
    await bench.work([handler]);
    await bench.finished((await bench.client.enqueue(mail, 1)).id);
    expect(heard).toEqual([coded("TRANSACTION_OPEN")]);
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["a limit that allows nothing", { api: {} }, "needs concurrent, rate or both"],
    ["a rate that is none", { api: { rate: "100" } }, "rate must be a rate"],
    ["a name with a colon", { "api:x": { concurrent: 1 } }, "a limit's name must be"],
  ])("client.limits.declare refuses %s", async (_, wrong, says) => {
    const bench = await openBench();
    const given = wrong as Readonly<Record<string, LimitSettings>>;
    await expect(bench.client.limits.declare(given)).rejects.toEqual(coded("INVALID_OPTION", says));
  });
});
