import type { WorkerRecord } from "./worker-record.ts";

/** True once a worker has been silent for longer than its lease: any other one that lives declares it dead. */
export function isLost({
  lastBeatMs,
  leaseMs,
}: Pick<WorkerRecord, "lastBeatMs" | "leaseMs">): boolean {
  return lastBeatMs !== null && lastBeatMs > leaseMs;
}

/** What says whether a worker takes jobs of a queue. */
export type Server = Pick<WorkerRecord, "state" | "lastBeatMs" | "leaseMs" | "queues">;

/** Those that take new jobs of a queue: they name it, do not drain and are not lost. */
export function serversOf<Known extends Server>(
  queue: string,
  workers: readonly Known[],
): readonly Known[] {
  return workers.filter(
    (worker) => worker.queues.includes(queue) && worker.state === "running" && !isLost(worker),
  );
}

/** The newest payload version of a name that a worker with its handler understands; one of older code gets the benefit of the doubt. */
export function newestVersion({ versions }: Pick<WorkerRecord, "versions">, name: string): number {
  return versions[name] ?? Number.POSITIVE_INFINITY;
}

/** True for a worker that has the handler of a job, and knows its payload. */
export function canRun(
  worker: Pick<WorkerRecord, "handlers" | "versions">,
  { name, version }: { readonly name: string; readonly version: number },
): boolean {
  return worker.handlers.includes(name) && version <= newestVersion(worker, name);
}
