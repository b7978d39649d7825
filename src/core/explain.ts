import { atGate } from "./explain-gate.ts";
import { inLine } from "./explain-line.ts";
import { sentenceOf } from "./explain-text.ts";
import type { JobReason } from "./job-reason.ts";
import { isFinished, type Job, type JobState } from "./job.ts";
import type { QueueRecord } from "./queue.ts";
import { isLost, newestVersion, serversOf } from "./serving.ts";
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
  "paused" | "closedUntil" | "available" | "running" | "maxRunning" | "concurrency"
>;

/** What the world around a job looks like. */
export interface ExplainFacts {
  /** `undefined` when nothing is known of it yet. */
  readonly queue: QueueFacts | undefined;
  /** The registered workers; `undefined` while the schema is behind. */
  readonly workers: readonly WorkerRecord[] | undefined;
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
      return blocked(job, facts);
    case "available":
      return available(job, facts);
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

function running(job: Job, workers: readonly WorkerRecord[] | undefined): readonly JobReason[] {
  const id = job.worker ?? "";
  const worker = workers?.find((each) => each.id === id);
  const reasons: JobReason[] = [
    { kind: "running", worker: id, host: worker?.host ?? null, since: job.claimedAt },
  ];
  if (workers !== undefined && (worker === undefined || isLost(worker))) {
    reasons.push({ kind: "worker-lost", worker: id, silentMs: worker?.lastBeatMs ?? null });
  }
  if (job.cancelRequested !== null)
    reasons.push({ kind: "cancelling", request: job.cancelRequested });
  return reasons;
}

/** A gate that nobody holds and no rate keeps shut is in nobody's way: what is, is said instead. */
function blocked(job: Job, facts: ExplainFacts): readonly JobReason[] {
  const others = hindrances(job, facts);
  const { around, workers, now } = facts;
  if (around === undefined || workers === undefined) return others;
  const gate = atGate(job, { around, workers, now });
  const isOpen = gate.kind === "blocked" && gate.heldBy.length === 0;
  return isOpen && others.length > 0 ? others : [gate, ...others];
}

function available(job: Job, { workers, ...facts }: ExplainFacts): readonly JobReason[] {
  const reasons = hindrances(job, { workers, ...facts });
  if (reasons.length > 0 || workers === undefined) return reasons;
  return inLine(job, { workers, ...facts });
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
  const unable = workers === undefined ? undefined : inability(job, workers);
  return unable === undefined ? reasons : [...reasons, unable];
}

function inability(job: Job, workers: readonly WorkerRecord[]): JobReason | undefined {
  const serving = serversOf(job.queue, workers);
  if (serving.length === 0) return unserved(job, workers);
  const handling = serving.filter(({ handlers }) => handlers.includes(job.name));
  if (handling.length === 0) {
    return { kind: "no-handler", name: job.name, workers: serving.map(({ id }) => id) };
  }
  const understood = Math.max(...handling.map((worker) => newestVersion(worker, job.name)));
  if (job.version <= understood) return undefined;
  const ids = handling.map(({ id }) => id);
  return { kind: "payload-too-new", version: job.version, understood, workers: ids };
}

function unserved({ queue }: Job, workers: readonly WorkerRecord[]): JobReason {
  const naming = workers.filter(({ queues }) => queues.includes(queue));
  const lost = naming.filter(isLost);
  const draining = naming.filter((worker) => !isLost(worker));
  const ids = (some: readonly WorkerRecord[]) => some.map(({ id }) => id);
  return { kind: "queue-unserved", queue, draining: ids(draining), lost: ids(lost) };
}
