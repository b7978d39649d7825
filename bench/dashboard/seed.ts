import type { Client } from "../../dist/index.js";
import type { Library } from "../systems/holdfast.ts";
import { historyOnPostgres, historyOnSqlite } from "../systems/holdfast-history.ts";
import { seedAudit } from "./seed-audit.ts";

/** How many jobs there are. */
export interface Sizes {
  readonly finished: number;
  readonly waiting: number;
}

const perCall = 5_000;
const names = 20;
const queues = 5;

/**
 * A week of finished jobs, of which one in twenty was discarded, and jobs that wait: most are due, some are later or in a lane. Beside
 * them schedules, and an audit of half a million entries.
 */
export async function seed(
  library: Library,
  url: string,
  backend: "postgres" | "sqlite",
  { finished, waiting }: Sizes,
): Promise<void> {
  const history = backend === "postgres" ? historyOnPostgres : historyOnSqlite;
  await history(library, url, finished);
  await seedAudit(url, backend);
  const client = await library.createClient(url);
  await enqueueWaiting(library, client, waiting);
  await client.schedules.apply(
    Array.from({ length: 20 }, (_, n) => ({
      name: `schedule-${n}`,
      cron: "0 3 * * *",
      job: `name-${n}`,
    })),
  );
  for (let n = 0; n < 200; n += 1) {
    await client.queues.update(`queue-${n % queues}`, { concurrency: 10 + (n % 7), by: "ada" });
  }
  await operate(client);
  await client.close();
}

/** Operations that have come to their end. */
async function operate({ jobs, operations }: Client): Promise<void> {
  const { jobs: some } = await jobs.list({
    state: "available",
    limit: 20,
    searchAtMost: 1_000_000,
  });
  for (const { id } of some) {
    const action = { action: "changePriority", priority: 3, by: "ada" } as const;
    const operation = await operations.start({ ...action, filter: { ids: [id] } });
    await operations.wait(operation.id, { timeout: "30s" });
  }
}

async function enqueueWaiting(
  { defineJob }: Library,
  client: Client,
  waiting: number,
): Promise<void> {
  const jobs = Array.from({ length: names }, (_, n) => defineJob<unknown>({ name: `name-${n}` }));
  for (let first = 0; first < waiting; first += perCall) {
    const count = Math.min(perCall, waiting - first);
    const kind = Math.floor(first / perCall);
    await client.enqueueMany(
      Array.from({ length: count }, (_, n) => {
        const payload = { customer: { id: n % 1_000 }, text: "x".repeat(32) };
        const common = { queue: `queue-${n % queues}`, priority: n % 10, tags: [`tag-${n % 7}`] };
        // Of ten calls one is for later, and one for lanes.
        const own =
          kind % 10 === 8 ? { delay: "12h" } : kind % 10 === 9 ? { lane: `lane-${n % 50}` } : {};
        return (jobs[n % names] as (typeof jobs)[number]).request(payload, {
          ...common,
          ...own,
        } as object);
      }),
    );
  }
}
