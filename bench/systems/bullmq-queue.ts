import type { Aim, Consumer, ConsumerPlan, Payload, Producer } from "../system.ts";

/** The part of BullMQ's classes that is used, the same on both of its backends. */
export interface BullQueue {
  add(name: string, data: unknown, options?: object): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts?: object }[]): Promise<unknown>;
  getJobCounts(...states: string[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface BullWorker {
  run(): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export const queueName = "noop";
/** BullMQ's own way takes them all in one transaction: parts keep its messages within bounds. */
const bulkSize = 10_000;

export const concurrencyFor = ({ aim, concurrency }: { aim: Aim; concurrency?: number }): number =>
  concurrency ?? (aim === "throughput" ? 500 : 50);

export function producerOf(queue: BullQueue): Producer {
  return {
    enqueue: (payload) => queue.add(queueName, payload),
    async enqueueMany(payloads) {
      const jobs = payloads.map((data) => ({ name: queueName, data }));
      for (let from = 0; from < jobs.length; from += bulkSize) {
        await queue.addBulk(jobs.slice(from, from + bulkSize));
      }
    },
    close: () => queue.close(),
  };
}

export async function consumerOf(worker: BullWorker): Promise<Consumer> {
  worker.on("error", () => {});
  await worker.waitUntilReady();
  return {
    async start() {
      // It resolves when the worker is closed.
      worker.run().catch(() => {});
    },
    stop: () => worker.close(),
  };
}

export const processorOf =
  ({ handle }: ConsumerPlan) =>
  async (job: { data: unknown }): Promise<void> =>
    handle(job.data as Payload);

export async function remainingIn(queue: BullQueue): Promise<number> {
  const counts = await queue.getJobCounts("wait", "active", "prioritized", "paused");
  await queue.close();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
