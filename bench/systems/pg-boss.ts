import type { Backlog, Consumer, ConsumerPlan, Payload, Producer, System } from "../system.ts";
import { copyRow, rowsOf } from "./sql-rows.ts";

const queue = "noop";

/** pg-boss with LISTEN/NOTIFY on and large batches. */
export const pgBoss: System = {
  name: "pg-boss",
  backend: "postgres",
  package: "pg-boss",
  settings:
    "useListenNotify and the queue's notify on; for throughput work() with batchSize 2,000 (measured to be better than 500), localConcurrency 2, burstWhenBatchFull, pollingIntervalSeconds 0.5; for latency the same with batchSize 10 (pgboss.io: JobPollingOptions, WorkConcurrencyOptions). Pool of 10 as by default. One-by-one enqueue by send, bulk by insert in calls of 10,000. History is kept.",
  sql: { claim: "FOR UPDATE OF j SKIP LOCKED", live: "^pgboss\\.j(ob|[0-9a-f]{20,})" },
  async prepare(url) {
    const boss = await openBoss(url, true);
    await boss.start();
    await boss.createQueue(queue, { notify: true });
    await boss.stop({ graceful: false });
  },
  openProducer,
  openConsumer,
  remaining,
  fill,
};

async function openBoss(url: string, worker: boolean) {
  const { PgBoss } = await import("pg-boss");
  // A process that only enqueues needs neither the listener nor the maintenance.
  const role = worker ? {} : { supervise: false, schedule: false };
  const boss = new PgBoss({ connectionString: url, useListenNotify: worker, ...role });
  boss.on("error", () => {});
  return boss;
}

async function openProducer(url: string): Promise<Producer> {
  const boss = await openBoss(url, false);
  await boss.start();
  return {
    enqueue: (payload) => boss.send(queue, payload),
    async enqueueMany(payloads) {
      const jobs = payloads.map((data) => ({ data }));
      for (let from = 0; from < jobs.length; from += 10_000) {
        await boss.insert(queue, jobs.slice(from, from + 10_000));
      }
    },
    close: () => boss.stop({ graceful: false }),
  };
}

async function openConsumer(url: string, plan: ConsumerPlan): Promise<Consumer> {
  const boss = await openBoss(url, true);
  await boss.start();
  const throughput = plan.aim === "throughput";
  const options = {
    batchSize: throughput ? 2_000 : 10,
    localConcurrency: 2,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
  };
  return {
    start: () =>
      boss.work(queue, options, async (jobs) => {
        for (const { data } of jobs) await plan.handle(data as Payload);
      }),
    stop: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}

async function remaining(url: string): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    url,
    `SELECT count(*)::int AS n FROM pgboss.job WHERE state < 'completed' AND start_after <= now() AND name = '${queue}'`,
  );
  return row?.n ?? 0;
}

/** One job in each state through its interface, then copied row by row. */
async function fill(url: string, { finished, delayed, failed }: Backlog): Promise<void> {
  const boss = await openBoss(url, false);
  await boss.start();
  const late = await boss.send(queue, {}, { startAfter: 30 * 86_400 });
  const done = await boss.send(queue, {});
  const dead = await boss.send(queue, {}, { retryLimit: 0 });
  await boss.fetch(queue, { batchSize: 2 });
  await boss.complete(queue, done ?? "");
  await boss.fail(queue, dead ?? "");
  await boss.stop({ graceful: false });
  for (const [one, rows] of [
    [late, delayed],
    [done, finished],
    [dead, failed],
  ] as const) {
    const where = `id = '${one}'`;
    await copyRow(url, { table: "pgboss.job", where, rows, id: "gen_random_uuid()" });
  }
}
