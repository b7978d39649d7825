import type { Backlog, Consumer, ConsumerPlan, Payload, Producer, System } from "../system.ts";
import { copyRow, rowsOf } from "./sql-rows.ts";

/** Two presets, because neither is better everywhere. */
const presets = {
  batch: { concurrentJobs: 24, size: 500 },
  big: { concurrentJobs: 100, size: 2000 },
};

/** The settings its page on performance gives for throughput, without the local queue for latency. */
export function graphileWorker(preset: keyof typeof presets): System {
  const { concurrentJobs, size } = presets[preset];
  return {
    name: `graphile-worker:${preset}`,
    backend: "postgres",
    package: "graphile-worker",
    ...(preset === "batch" ? {} : { presetOf: "graphile-worker:batch" }),
    settings: `concurrentJobs ${concurrentJobs}; for throughput localQueue.size ${size}, completeJobBatchDelay 0, failJobBatchDelay 0 (worker.graphile.org/docs/performance#batching); for latency no local queue, so that a NOTIFY leads to a job at once. pollInterval 2 s and LISTEN as by default, pool of 10. One-by-one enqueue by addJob, bulk by addJobs in calls of 10,000. It deletes finished jobs.`,
    sql: { claim: "graphile_worker.*skip locked", live: "^graphile_worker\\._private_jobs$" },
    async prepare(url) {
      const utils = await openUtils(url);
      await utils.migrate();
      await utils.addJob("noop", { sentAt: "0", text: "" });
      await rowsOf(url, "DELETE FROM graphile_worker._private_jobs");
      await utils.release();
    },
    openProducer,
    openConsumer: (url, plan) => openConsumer(url, plan, preset),
    remaining,
    fill,
  };
}

async function openUtils(url: string) {
  const { makeWorkerUtils } = await import("graphile-worker");
  return makeWorkerUtils({ connectionString: url, logger: await quietLogger() });
}

async function quietLogger() {
  const { Logger } = await import("graphile-worker");
  return new Logger(() => () => {});
}

async function openProducer(url: string): Promise<Producer> {
  const utils = await openUtils(url);
  return {
    enqueue: (payload) => utils.addJob("noop", payload),
    async enqueueMany(payloads) {
      const jobs = payloads.map((payload) => ({ identifier: "noop", payload }));
      for (let from = 0; from < jobs.length; from += 10_000) {
        await utils.addJobs(jobs.slice(from, from + 10_000));
      }
    },
    close: () => utils.release(),
  };
}

async function openConsumer(
  url: string,
  plan: ConsumerPlan,
  preset: keyof typeof presets,
): Promise<Consumer> {
  const { run } = await import("graphile-worker");
  const { Pool } = await import("pg");
  const { concurrentJobs, size } = presets[preset];
  const pool = new Pool({ connectionString: url, max: 10 });
  pool.on("error", () => {});
  await pool.query("SELECT 1");
  const logger = await quietLogger();
  const batching = { localQueue: { size }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
  const worker = {
    concurrentJobs: plan.concurrency ?? concurrentJobs,
    ...(plan.aim === "throughput" ? batching : {}),
  };
  const taskList = { noop: async (payload: unknown) => plan.handle(payload as Payload) };
  let stop = async () => {};
  return {
    async start() {
      const options = { pgPool: pool, logger, noHandleSignals: true, taskList, preset: { worker } };
      const runner = await run(options);
      stop = () => runner.stop();
    },
    async stop() {
      await stop();
      await pool.end();
    },
  };
}

async function remaining(url: string): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    url,
    "SELECT count(*)::int AS n FROM graphile_worker.jobs WHERE run_at <= now() AND attempts < max_attempts",
  );
  return row?.n ?? 0;
}

/** One job delayed and one failed for good through its interface, then copied row by row. Finished ones it deletes. */
async function fill(url: string, { delayed, failed }: Backlog): Promise<void> {
  const utils = await openUtils(url);
  const runAt = new Date(Date.now() + 30 * 86_400_000);
  const later = await utils.addJob("noop", {}, { runAt });
  const dead = await utils.addJob("noop", {}, { runAt: new Date() });
  await utils.permanentlyFailJobs([dead.id], "benchmark");
  await utils.release();
  const table = "graphile_worker._private_jobs";
  await copyRow(url, { table, where: `id = ${later.id}`, rows: delayed });
  await copyRow(url, { table, where: `id = ${dead.id}`, rows: failed });
}
