import type { Backlog, Consumer, ConsumerPlan, Payload, Producer, System } from "../system.ts";

const type = "noop";

/** plainjob on better-sqlite3. */
export const plainjob: System = {
  name: "plainjob",
  backend: "sqlite",
  package: "plainjob",
  settings:
    "better-sqlite3 13; defineQueue sets WAL and synchronous=NORMAL, raised to FULL on the same handle afterwards. Its worker takes one job at a time and has no setting for more; pollIntervall 100 ms instead of 1 s for latency. Bulk by addMany. History is kept.",
  share: 0.05,
  wholeBulk: true,
  async prepare(url) {
    (await openQueue(url)).queue.close();
  },
  openProducer,
  openConsumer,
  async remaining(url) {
    const { database, queue } = await openQueue(url);
    // Its own count takes in the jobs that are not due.
    const left = database
      .prepare("SELECT count(*) AS n FROM plainjob_jobs WHERE status < 2 AND next_run_at <= ?")
      .get(Date.now()) as { n: number };
    queue.close();
    return left.n;
  },
  fill,
};

const logger = { error() {}, warn() {}, info() {}, debug() {} };

async function openQueue(url: string) {
  const [{ better, defineQueue }, { default: Database }] = await Promise.all([
    import("plainjob"),
    import("better-sqlite3"),
  ]);
  const database = new Database(url.slice("sqlite:".length));
  const queue = defineQueue({ connection: better(database), logger });
  database.pragma("synchronous = FULL");
  return { database, queue };
}

async function openProducer(url: string): Promise<Producer> {
  const { queue } = await openQueue(url);
  return {
    enqueue: async (payload) => queue.add(type, payload),
    enqueueMany: async (payloads) => queue.addMany(type, [...payloads]),
    close: async () => queue.close(),
  };
}

async function openConsumer(url: string, plan: ConsumerPlan): Promise<Consumer> {
  const { defineWorker } = await import("plainjob");
  const { queue } = await openQueue(url);
  const options = { queue, logger, ...(plan.aim === "latency" ? { pollIntervall: 100 } : {}) };
  const worker = defineWorker(
    type,
    async ({ data }) => plan.handle(JSON.parse(data) as Payload),
    options,
  );
  return {
    async start() {
      // It resolves when the worker is stopped.
      worker.start().catch(() => {});
    },
    async stop() {
      await worker.stop();
      queue.close();
    },
  };
}

/** One job in each state through its interface, then copied row by row. */
async function fill(url: string, { finished, delayed, failed }: Backlog): Promise<void> {
  const { database, queue } = await openQueue(url);
  const done = queue.add(type, {});
  queue.markJobAsDone(done.id);
  const dead = queue.add(type, {});
  queue.markJobAsFailed(dead.id, "benchmark");
  const later = queue.add(type, {}, { delay: 30 * 86_400_000 });
  for (const [{ id }, copies] of [
    [done, finished],
    [dead, failed],
    [later, delayed],
  ] as const) {
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})
      INSERT INTO plainjob_jobs (type, data, status, failed_at, error, next_run_at, created_at)
      SELECT type, data, status, failed_at, error, next_run_at, created_at FROM n, plainjob_jobs WHERE id = ${id}`);
  }
  queue.close();
}
