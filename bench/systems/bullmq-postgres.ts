import type { Backlog, System } from "../system.ts";
import {
  concurrencyFor,
  consumerOf,
  processorOf,
  producerOf,
  queueName,
  remainingIn,
} from "./bullmq-queue.ts";
import { copyRow } from "./sql-rows.ts";

/** BullMQ on its PostgreSQL backend. */
export const bullmqOnPostgres: System = {
  name: "bullmq-postgres",
  backend: "postgres",
  package: "bullmq",
  settings:
    "withBackend(createPostgresBackend), a connection given as { connectionString }, pool of 10; Worker concurrency 500 for throughput (2,000 is no better), 50 for latency; finished jobs kept. Bulk by addBulk in calls of 10,000.",
  share: 0.02,
  rounds: 1,
  sql: { claim: "move_to_(active|completed_fetch)", live: "^bullmq\\.job$" },
  async prepare(url) {
    const queue = await openQueue(url, true);
    await queue.waitUntilReady();
    await queue.close();
  },
  openProducer: async (url) => producerOf(await openQueue(url)),
  async openConsumer(url, plan) {
    const { Worker } = await classes();
    const concurrency = concurrencyFor(plan);
    const connection = { connectionString: url, max: 10 };
    const worker = new Worker(queueName, processorOf(plan), {
      connection,
      concurrency,
      autorun: false,
    });
    return consumerOf(worker);
  },
  remaining: async (url) => remainingIn(await openQueue(url)),
  fill,
};

async function classes() {
  const { createPostgresBackend, withBackend } = await import("bullmq");
  return withBackend(createPostgresBackend);
}

async function openQueue(url: string, migrate = false) {
  const { Queue } = await classes();
  const queue = new Queue(queueName, { connection: { connectionString: url, migrate } });
  queue.on("error", () => {});
  return queue;
}

/** One job in each state through its interface, then copied row by row. */
async function fill(url: string, { finished, delayed, failed }: Backlog): Promise<void> {
  const { Worker } = await classes();
  const queue = await openQueue(url);
  await queue.add(queueName, {});
  await queue.add(queueName, { fail: true });
  const processor = async ({ data }: { data: unknown }) => {
    if ((data as { fail?: boolean }).fail === true) throw new Error("benchmark");
  };
  const worker = new Worker(queueName, processor, { connection: { connectionString: url } });
  worker.on("error", () => {});
  while ((await remainingIn(await openQueue(url))) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await worker.close();
  await queue.add(queueName, {}, { delay: 30 * 86_400_000 });
  await queue.close();
  for (const [state, rows] of [
    ["completed", finished],
    ["failed", failed],
    ["delayed", delayed],
  ] as const) {
    const where = `state::text = '${state}'`;
    await copyRow(url, { table: "bullmq.job", where, rows, id: `'${state}-' || n` });
  }
}
