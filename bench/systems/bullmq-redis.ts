import type { Backlog, System } from "../system.ts";
import {
  concurrencyFor,
  consumerOf,
  processorOf,
  producerOf,
  queueName,
  remainingIn,
} from "./bullmq-queue.ts";

const bulkSize = 5_000;

/** BullMQ where it comes from: on Redis. */
export const bullmqOnRedis: System = {
  name: "bullmq-redis",
  backend: "redis",
  package: "bullmq",
  settings:
    "Worker concurrency 500 for throughput, 50 for latency; one queue, finished jobs kept (docs.bullmq.io/guide/workers/concurrency). Bulk by addBulk in calls of 10,000. The Redis server runs with AOF, fsync every second: a crash of the machine loses up to a second of jobs.",
  prepare: async () => {},
  openProducer: async (url) => producerOf(await openQueue(url)),
  async openConsumer(url, plan) {
    const { Worker } = await import("bullmq");
    const concurrency = concurrencyFor(plan);
    // Its documentation asks for this of a worker's connection.
    const connection = { url, maxRetriesPerRequest: null };
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

async function openQueue(url: string) {
  const { Queue } = await import("bullmq");
  return new Queue(queueName, { connection: { url } });
}

/** All through its interface: Redis has no way to copy a job. */
async function fill(url: string, { finished, delayed, failed }: Backlog): Promise<void> {
  const { Worker } = await import("bullmq");
  const queue = await openQueue(url);
  const add = async (jobs: number, data: object, opts?: object) => {
    for (let from = 0; from < jobs; from += bulkSize) {
      const size = Math.min(bulkSize, jobs - from);
      const job = opts === undefined ? { name: queueName, data } : { name: queueName, data, opts };
      await queue.addBulk(Array.from({ length: size }, () => job));
    }
  };
  await add(finished, {});
  await add(failed, { fail: true });
  const worker = new Worker(
    queueName,
    async ({ data }) => {
      if ((data as { fail?: boolean }).fail === true) throw new Error("benchmark");
    },
    { connection: { url, maxRetriesPerRequest: null }, concurrency: 500 },
  );
  worker.on("error", () => {});
  await untilEmpty(url);
  await worker.close();
  await add(delayed, {}, { delay: 30 * 86_400_000 });
  await queue.close();
}

async function untilEmpty(url: string): Promise<void> {
  while ((await remainingIn(await openQueue(url))) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
