import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Route } from "../route.ts";
import type { WorkerRow, WorkersAnswer } from "../wire/workers.ts";

/** The workers registered now. */
export const workerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/workers",
    permission: "read",
    summary: "Every registered worker, in the order they registered.",
    answer: "Workers",
    async handle({ client }): Promise<WorkersAnswer> {
      const workers = await client.workers.list();
      const usual = mostCommon(workers);
      return { workers: workers.map((worker) => rowOf(worker, usual)), now: client.clock.now() };
    },
  },
  {
    method: "POST",
    path: "/api/workers/:id/drain",
    permission: "workers:drain",
    summary: "Lets a worker finish what it has and stop.",
    answer: "Done",
    async handle({ client, visitor, params: { id = "" } }) {
      await client.workers.drain(id, { by: visitor.actor });
      return {};
    },
  },
];

function rowOf(worker: WorkerRecord, usual: string | null): WorkerRow {
  const { lastBeatMs, leaseMs, version } = worker;
  return {
    ...worker,
    silent: lastBeatMs !== null && lastBeatMs > leaseMs / 2,
    versionDiffers: version !== usual,
  };
}

/** The version that most workers run; of equally many the newest said. */
function mostCommon(workers: readonly WorkerRecord[]): string | null {
  const counts = new Map<string | null, number>();
  for (const { version } of workers) counts.set(version, (counts.get(version) ?? 0) + 1);
  let usual: string | null = null;
  let most = 0;
  for (const [version, count] of counts) {
    if (count < most) continue;
    usual = version;
    most = count;
  }
  return usual;
}
