import type { Backlog, System } from "../system.ts";
import {
  concurrencyFor,
  consumerOf,
  processorOf,
  producerOf,
  queueName,
  remainingIn,
} from "./bullmq-queue.ts";

const copiedAtOnce = 10_000;

/** BullMQ where it comes from: on Redis. */
export const bullmqOnRedis: System = {
  name: "bullmq-redis",
  backend: "redis",
  package: "bullmq",
  settings:
    "Worker concurrency 500 for throughput (measured to be better than 2,000), 50 for latency; one queue, finished jobs kept (docs.bullmq.io/guide/workers/concurrency). Bulk by addBulk in calls of 10,000. The Redis server runs with AOF, fsync every second: a crash of the machine loses up to a second of jobs.",
  share: 0.3,
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

/** One job in each state through its interface, then copied: the job's own key, and its place in the state's list. */
async function fill(url: string, { finished, delayed, failed }: Backlog): Promise<void> {
  const { Worker } = await import("bullmq");
  const queue = await openQueue(url);
  const done = await queue.add(queueName, {});
  const dead = await queue.add(queueName, { fail: true });
  const worker = new Worker(
    queueName,
    async ({ data }) => {
      if ((data as { fail?: boolean }).fail === true) throw new Error("benchmark");
    },
    { connection: { url, maxRetriesPerRequest: null } },
  );
  worker.on("error", () => {});
  await untilEmpty(url);
  await worker.close();
  const later = await queue.add(queueName, {}, { delay: 30 * 86_400_000 });
  await queue.close();
  await copyJob(url, "completed", done.id, finished);
  await copyJob(url, "failed", dead.id, failed);
  await copyJob(url, "delayed", later.id, delayed);
}

const copyScript = `
  local score = redis.call("ZSCORE", KEYS[2], ARGV[1])
  for n = tonumber(ARGV[2]), tonumber(ARGV[3]) do
    local id = "copy-" .. ARGV[1] .. "-" .. n
    redis.call("COPY", KEYS[1] .. ARGV[1], KEYS[1] .. id)
    redis.call("ZADD", KEYS[2], score, id)
  end`;

/** In steps, as a script stops everything else. */
async function copyJob(url: string, state: string, id = "", copies: number): Promise<void> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(url);
  const prefix = `bull:${queueName}:`;
  for (let from = 2; from <= copies; from += copiedAtOnce) {
    const to = Math.min(copies, from + copiedAtOnce - 1);
    await redis.eval(copyScript, 2, prefix, `${prefix}${state}`, id, from, to);
  }
  redis.disconnect();
}

async function untilEmpty(url: string): Promise<void> {
  while ((await remainingIn(await openQueue(url))) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
