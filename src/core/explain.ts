import type { EndReason } from "./end-reason.ts";
import type { CancelRequest, FinishedState, Job, JobState } from "./job.ts";
import type { QueueRecord } from "./queue.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** One reason why a job is where it is. Times are milliseconds since the epoch. Switch on `kind`; more may be added. */
export type JobReason =
  /** It is put off until a moment. */
  | { readonly kind: "scheduled"; readonly until: number }
  /** An attempt failed, and its backoff is not over. */
  | { readonly kind: "backoff"; readonly until: number; readonly attempt: number }
  | { readonly kind: "queue-paused"; readonly queue: string }
  /** A throttled handler has closed its queue. */
  | { readonly kind: "queue-cooling"; readonly queue: string; readonly until: number }
  /** No live worker serves its queue. */
  | { readonly kind: "queue-unserved"; readonly queue: string }
  /** The workers of its queue have no handler of its name. */
  | { readonly kind: "no-handler"; readonly name: string; readonly workers: readonly string[] }
  /** Its payload is newer than the handlers of its queue's workers understand: it waits for newer code. */
  | {
      readonly kind: "payload-too-new";
      readonly version: number;
      /** The newest version one of them understands. */
      readonly understood: number;
      readonly workers: readonly string[];
    }
  /** It waits at a gate, of its lane or of one of its limits, that these jobs hold; none of them when a rate refills. */
  | {
      readonly kind: "blocked";
      /** `lane:<lane>` or `limit:<scope>[:<by>]`. */
      readonly gate: string | null;
      /** Jobs let in through it and not ended, oldest id first, at most 100. */
      readonly holders: readonly string[];
    }
  /** Nothing is in its way: one of these workers takes it once it has a place free. */
  | {
      readonly kind: "ready";
      readonly workers: readonly string[];
      /** Jobs ready to be claimed in its queue, itself among them. */
      readonly available: number;
    }
  | {
      readonly kind: "running";
      readonly worker: string;
      readonly host: string | null;
      readonly since: number | null;
    }
  /** It runs, and was asked to stop. */
  | { readonly kind: "cancelling"; readonly request: CancelRequest }
  /** Its worker is gone or silent: it is rescued when the lease has run out. */
  | { readonly kind: "worker-lost"; readonly worker: string }
  | {
      readonly kind: "finished";
      readonly state: FinishedState;
      readonly at: number | null;
      readonly reason: EndReason | null;
    };

/** Why a job is where it is, every reason that holds now. */
export interface JobExplanation {
  readonly id: string;
  readonly state: JobState;
  /** At least one; what must end first comes first. */
  readonly reasons: readonly JobReason[];
}

/** What the world around a job looks like. */
export interface ExplainFacts {
  /** `undefined` when nothing is known of it yet. */
  readonly queue: Pick<QueueRecord, "paused" | "closedUntil" | "available"> | undefined;
  /** The live workers. */
  readonly workers: readonly WorkerRecord[];
  /** The jobs let in through the gate a blocked job waits at. */
  readonly holders: readonly string[];
  readonly now: number;
}

/** Says why a job is where it is. */
export function explainJob(job: Job, facts: ExplainFacts): JobExplanation {
  return { id: job.id, state: job.state, reasons: reasonsOf(job, facts) };
}

function reasonsOf(job: Job, facts: ExplainFacts): readonly JobReason[] {
  switch (job.state) {
    case "completed":
    case "cancelled":
    case "discarded":
      return [{ kind: "finished", state: job.state, at: job.finishedAt, reason: job.reason }];
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
      return [
        { kind: "blocked", gate: job.waitingFor, holders: facts.holders },
        ...hindrances(job, facts),
      ];
    case "available": {
      const reasons = hindrances(job, facts);
      return reasons.length > 0 ? reasons : [ready(job, facts)];
    }
  }
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

function ready(job: Job, { queue, workers }: ExplainFacts): JobReason {
  const able = serversOf(job, workers).filter(
    (worker) => worker.handlers.includes(job.name) && job.version <= newestVersion(worker, job),
  );
  return { kind: "ready", workers: able.map(({ id }) => id), available: queue?.available ?? 1 };
}

function serversOf(job: Job, workers: readonly WorkerRecord[]): readonly WorkerRecord[] {
  return workers.filter(({ queues }) => queues.includes(job.queue));
}

/** A worker of older code does not say which versions it knows, and gets the benefit of the doubt. */
function newestVersion({ versions }: WorkerRecord, { name }: Job): number {
  return versions[name] ?? Number.POSITIVE_INFINITY;
}
