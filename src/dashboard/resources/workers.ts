import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Redactor } from "../redact/redactor.ts";
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
    async handle({ client, redactor }): Promise<WorkersAnswer> {
      const workers = await client.workers.list();
      const usual = mostCommon(workers);
      const rows = workers.map((worker) => rowOf(shownWorker(worker, redactor), usual));
      return { workers: rows, now: client.clock.now() };
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

/** A worker without what the errors of its maintenance may repeat. */
function shownWorker(worker: WorkerRecord, redactor: Redactor): WorkerRecord {
  const { report } = worker;
  if (report === null) return worker;
  const passes = Object.entries(report.passes).map(([name, pass]) => {
    return [name, { ...pass, error: redactor.anyText(pass.error) }] as const;
  });
  return { ...worker, report: { ...report, passes: Object.fromEntries(passes) } };
}

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
