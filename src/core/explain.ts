import { atGate } from "./explain-gate.ts";
import { sentenceOf } from "./explain-text.ts";
import type { JobReason } from "./job-reason.ts";
import { isFinished, type Job, type JobState } from "./job.ts";
import type { QueueRecord } from "./queue.ts";
import type { Surroundings } from "./surroundings.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** A reason, in words too. */
export type ExplainedReason = JobReason & {
  /** A sentence for people, in English. */
  readonly text: string;
};

/** Why a job is where it is, every reason that holds now. */
export interface JobExplanation {
  readonly id: string;
  readonly state: JobState;
  /** At least one; what must end first comes first. */
  readonly reasons: readonly ExplainedReason[];
  /** All of it in words. */
  readonly sentence: string;
}

/** The part of a queue that says whether a job may be claimed from it. */
type QueueFacts = Pick<
  QueueRecord,
  "paused" | "closedUntil" | "available" | "running" | "maxRunning"
>;

/** What the world around a job looks like. */
export interface ExplainFacts {
  /** `undefined` when nothing is known of it yet. */
  readonly queue: QueueFacts | undefined;
  /** The live workers. */
  readonly workers: readonly WorkerRecord[];
  /** `undefined` while the schema is behind. */
  readonly around: Surroundings | undefined;
  /** The newest step of the schema, and the one this code needs. */
  readonly schema: { readonly current: number; readonly latest: number };
  readonly readOnly: boolean;
  readonly now: number;
}

/** Says why a job is where it is. */
export function explainJob(job: Job, facts: ExplainFacts): JobExplanation {
  const reasons = [...databaseReasons(job, facts), ...reasonsOf(job, facts)].map((reason) => ({
    ...reason,
    text: sentenceOf(reason, facts.now),
  }));
  const sentence = reasons.map(({ text }) => text).join(" ");
  return { id: job.id, state: job.state, reasons, sentence };
}

/** What keeps every job from being run. */
function databaseReasons(job: Job, { schema, readOnly }: ExplainFacts): readonly JobReason[] {
  if (isFinished(job.state)) return [];
  const behind = schema.current < schema.latest;
  return [
    ...(readOnly ? [{ kind: "database-read-only" } as const] : []),
    ...(behind ? [{ kind: "schema-behind", ...schema } as const] : []),
  ];
}

function reasonsOf(job: Job, facts: ExplainFacts): readonly JobReason[] {
  switch (job.state) {
    case "completed":
    case "cancelled":
    case "discarded":
      return ended(job, job.state, facts);
    case "running":
      return running(job, facts.workers);
    case "scheduled":
      return [{ kind: "scheduled", until: job.runAt }, ...hindrances(job, facts)];
    case "retryable":
      return [
        { kind: "backoff", until: job.runAt, attempt: job.attempt },
        ...hindrances(job, facts),
      ];
    case "blocked":
      return [atGate(job, facts), ...hindrances(job, facts)];
    case "available": {
      const reasons = hindrances(job, facts);
      return reasons.length > 0 ? reasons : [ready(job, facts)];
    }
  }
}

function ended(
  job: Job,
  state: "completed" | "cancelled" | "discarded",
  { around }: ExplainFacts,
): readonly JobReason[] {
  const finished = { kind: "finished", state, at: job.finishedAt, reason: job.reason } as const;
  const holder = around?.keyHolder ?? null;
  if (state === "completed" || holder === null || job.uniqueKey === null) return [finished];
  return [finished, { kind: "unique-held", key: job.uniqueKey, holder }];
}

function running(job: Job, workers: readonly WorkerRecord[]): readonly JobReason[] {
  const id = job.worker ?? "";
  const worker = workers.find((each) => each.id === id);
  const reasons: JobReason[] = [
    { kind: "running", worker: id, host: worker?.host ?? null, since: job.claimedAt },
  ];
  if (worker === undefined) reasons.push({ kind: "worker-lost", worker: id });
  if (job.cancelRequested !== null)
    reasons.push({ kind: "cancelling", request: job.cancelRequested });
  return reasons;
}

/** What would keep the job from being claimed now, were it due. */
function hindrances(job: Job, { queue, workers, now }: ExplainFacts): readonly JobReason[] {
  const reasons: JobReason[] = [];
  if (queue?.paused === true) reasons.push({ kind: "queue-paused", queue: job.queue });
  const until = queue?.closedUntil ?? null;
  if (until !== null && until > now) {
    reasons.push({ kind: "queue-cooling", queue: job.queue, until });
  }
  const maxRunning = queue?.maxRunning ?? null;
  if (queue !== undefined && maxRunning !== null && queue.running >= maxRunning) {
    reasons.push({ kind: "queue-full", queue: job.queue, maxRunning, running: queue.running });
  }
  const unable = inability(job, workers);
  return unable === undefined ? reasons : [...reasons, unable];
}

function inability(job: Job, workers: readonly WorkerRecord[]): JobReason | undefined {
  const serving = serversOf(job, workers);
  if (serving.length === 0) return { kind: "queue-unserved", queue: job.queue };
  const handling = serving.filter(({ handlers }) => handlers.includes(job.name));
  if (handling.length === 0) {
    return { kind: "no-handler", name: job.name, workers: serving.map(({ id }) => id) };
  }
  const understood = Math.max(...handling.map((worker) => newestVersion(worker, job)));
  if (job.version <= understood) return undefined;
  const ids = handling.map(({ id }) => id);
  return { kind: "payload-too-new", version: job.version, understood, workers: ids };
}

function ready(job: Job, facts: ExplainFacts): JobReason {
  const { queue, workers, around } = facts;
  const able = serversOf(job, workers).filter(
    (worker) => worker.handlers.includes(job.name) && job.version <= newestVersion(worker, job),
  );
  const line = {
    workers: able.map(({ id }) => id),
    available: queue?.available ?? 1,
    ahead: around?.ahead ?? 0,
    estimateMs: estimate(facts),
  };
  const places = placesOf(job, able);
  const busy = queue?.running ?? 0;
  const full = able.every(({ report }) => report !== null && report.running >= report.places);
  if (busy < places && !full) return { kind: "ready", ...line };
  const known = Number.isFinite(places) ? places : busy;
  return { kind: "places-taken", queue: job.queue, running: busy, places: known, ...line };
}

/** How many jobs of its queue may run at once; any number while a worker does not say. */
function placesOf(job: Job, workers: readonly WorkerRecord[]): number {
  return workers.reduce(
    (sum, { slots }) => sum + (slots[job.queue] ?? Number.POSITIVE_INFINITY),
    0,
  );
}

/** Fewer jobs than this say nothing of a pace. */
const fewest = 5;

/** How long those before it took of late, one after the other as they ended; `null` when too few have ended to tell. */
function estimate({ around, now }: ExplainFacts): number | null {
  if (around === undefined || around.recent === null) return null;
  const { jobs, since } = around.recent;
  if (jobs < fewest) return null;
  return Math.round(((now - since) / jobs) * (around.ahead + 1));
}

function serversOf(job: Job, workers: readonly WorkerRecord[]): readonly WorkerRecord[] {
  return workers.filter(({ queues }) => queues.includes(job.queue));
}

/** A worker of older code does not say which versions it knows, and gets the benefit of the doubt. */
function newestVersion({ versions }: WorkerRecord, { name }: Job): number {
  return versions[name] ?? Number.POSITIVE_INFINITY;
}
