import type { JobReason } from "./job-reason.ts";
import type { Job } from "./job.ts";
import type { QueueRecord } from "./queue.ts";
import { canRun, serversOf } from "./serving.ts";
import type { Surroundings, WorkerLoad } from "./surroundings.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** What says how far a job is from being claimed. */
export interface LineView {
  readonly queue: Pick<QueueRecord, "available" | "concurrency"> | undefined;
  readonly workers: readonly WorkerRecord[];
  readonly around: Surroundings | undefined;
  readonly now: number;
}

/** Why a job that could be claimed is not yet: by which workers, once there is a place. */
export function inLine(job: Job, view: LineView): readonly JobReason[] {
  const { queue, workers, around } = view;
  const able = serversOf(job.queue, workers)
    .filter((worker) => canRun(worker, job))
    .map((worker) => placeOf(job, worker, view));
  const stands = (some: readonly Place[]) => ({
    workers: some.map(({ id }) => id),
    available: queue?.available ?? 1,
    ahead: around?.ahead ?? 0,
    estimateMs: estimate(view),
  });
  const free = able.filter(({ state }) => state === "free");
  if (free.length > 0) return [{ kind: "ready", ...stands(free) }];
  const full = able.filter(({ state }) => state === "full");
  const alone = able.filter(({ state }) => state === "alone");
  const heldBy = able.flatMap(({ id, load }) =>
    load.alone === null ? [] : [{ job: load.alone, worker: id }],
  );
  return [
    ...(full.length > 0 ? [taken(job, full, stands(full))] : []),
    ...(alone.length > 0 ? [{ kind: "held-alone", heldBy, ...stands(alone) } as const] : []),
  ];
}

/** What one worker has for a job. */
interface Place {
  readonly id: string;
  readonly load: WorkerLoad;
  /** How many jobs of the queue it runs at once; any number while it does not say. */
  readonly places: number;
  readonly state: "free" | "full" | "alone";
}

const idle: WorkerLoad = { running: 0, alone: null };

function placeOf(
  job: Job,
  { id, slots, report }: WorkerRecord,
  { queue, around }: LineView,
): Place {
  const load = around?.loads[id] ?? idle;
  const places = queue?.concurrency ?? slots[job.queue] ?? Number.POSITIVE_INFINITY;
  const isFull = load.running >= places || (report !== null && report.running >= report.places);
  return { id, load, places, state: load.alone !== null ? "alone" : isFull ? "full" : "free" };
}

function taken(
  job: Job,
  full: readonly Place[],
  stands: Omit<Extract<JobReason, { kind: "ready" }>, "kind">,
): JobReason {
  const running = full.reduce((sum, { load }) => sum + load.running, 0);
  const places = full.reduce((sum, each) => sum + each.places, 0);
  const known = Number.isFinite(places) ? places : running;
  return { kind: "places-taken", queue: job.queue, running, places: known, ...stands };
}

/** Fewer jobs than this say nothing of a pace. */
const fewest = 5;

/** How long those before it took of late, one after the other as they ended; `null` when too few have ended to tell. */
function estimate({ around, now }: LineView): number | null {
  if (around === undefined || around.recent === null) return null;
  const { jobs, since } = around.recent;
  if (jobs < fewest) return null;
  return Math.round(((now - since) / jobs) * (around.ahead + 1));
}
