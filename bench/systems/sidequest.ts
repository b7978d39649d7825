import type { Consumer, ConsumerPlan, Producer, System } from "../system.ts";

/** Sidequest with its inline runner: a pool of threads only adds to the cost of a job that does nothing. */
export function sidequestOn(backend: "postgres" | "sqlite"): System {
  const place =
    backend === "postgres"
      ? "knex pool of 10"
      : "WAL and synchronous=FULL set through the backend's knex configuration (its own default is a rollback journal); better-sqlite3 13, whose binaries come in its package";
  return {
    name: "sidequest",
    backend,
    package: "sidequest",
    settings: `fork false, runner "inline", maxConcurrentJobs 500 and the queue's concurrency 500 for throughput, 50 for latency, jobPollingInterval 100 ms as by default (docs.sidequestjs.com, engine configuration); ${place}. It has no bulk enqueue: bulk is one enqueue after the other from 32 callers. History is kept.`,
    share: 0.01,
    rounds: 1,
    onePerProcess: true,
    ...(backend === "postgres"
      ? { sql: { claim: "sidequest_jobs.*skip locked", live: "sidequest_jobs$" } }
      : {}),
    async prepare(url) {
      // Started once, it makes its queue: several processes that start at the same time would fail over it.
      const { Sidequest } = await import("sidequest");
      await Sidequest.start({ ...engineSettings(url, 500), skipMigration: false });
      await Sidequest.stop();
    },
    openProducer,
    openConsumer,
    remaining,
  };
}

async function configure(url: string) {
  const { Sidequest } = await import("sidequest");
  await Sidequest.configure({
    backend: backendOf(url),
    skipMigration: true,
    logger: { level: "error", json: false },
    gracefulShutdown: false,
  });
  return { Sidequest };
}

const engineSettings = (url: string, concurrency: number) => ({
  backend: backendOf(url),
  skipMigration: true,
  fork: false,
  runner: "inline",
  maxConcurrentJobs: concurrency,
  queues: [{ name: "default", concurrency }],
  queueDefaults: { concurrency },
  logger: { level: "error", json: false },
  dashboard: { enabled: false },
  gracefulShutdown: false,
});

function backendOf(url: string) {
  if (url.startsWith("postgres:")) {
    const config = { connection: url, pool: { min: 0, max: 10 } };
    return { driver: "@sidequest/postgres-backend", config };
  }
  const pool = { min: 1, max: 1, afterCreate: makeDurable };
  const config = { connection: { filename: url.slice("sqlite:".length) }, pool };
  return { driver: "@sidequest/sqlite-backend", config };
}

interface Raw {
  pragma(text: string): unknown;
}

function makeDurable(connection: Raw, done: (error: Error | null, connection: Raw) => void): void {
  connection.pragma("journal_mode = WAL");
  connection.pragma("synchronous = FULL");
  connection.pragma("busy_timeout = 5000");
  done(null, connection);
}

async function openProducer(url: string): Promise<Producer> {
  const { Sidequest } = await configure(url);
  const { NoopJob } = await import("./sidequest-job.ts");
  const enqueue = (payload: unknown) => Sidequest.build(NoopJob).enqueue(payload);
  return {
    enqueue,
    async enqueueMany(payloads) {
      let next = 0;
      const caller = async () => {
        while (next < payloads.length) await enqueue(payloads[next++]);
      };
      await Promise.all(Array.from({ length: 32 }, caller));
    },
    close: () => Sidequest.stop(),
  };
}

async function openConsumer(url: string, plan: ConsumerPlan): Promise<Consumer> {
  const { Sidequest } = await import("sidequest");
  const { NoopJob } = await import("./sidequest-job.ts");
  NoopJob.handle = plan.handle;
  const concurrency = plan.concurrency ?? (plan.aim === "throughput" ? 500 : 50);
  return {
    start: () => Sidequest.start(engineSettings(url, concurrency)),
    stop: () => Sidequest.stop(),
  };
}

async function remaining(url: string): Promise<number> {
  const { Sidequest } = await configure(url);
  const counts = await Sidequest.job.count();
  await Sidequest.stop();
  return counts.waiting + counts.claimed + counts.running;
}
