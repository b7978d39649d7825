import type { Attempt } from "../../core/attempt.ts";
import type { ClaimedJob } from "../../core/claimed-job.ts";
import { defaultRetryPolicy } from "../../core/defaults.ts";
import type { CancelRequest, FinishedState, Job, JobState } from "../../core/job.ts";
import type { JobTexts } from "../../core/job-search.ts";
import type { Gate } from "../../core/gate.ts";
import type { RetryPolicy } from "../../core/retry-policy.ts";
import type { EndReason } from "../../core/end-reason.ts";
import type { Settlement } from "../../core/settlement.ts";
import type { UniqueWhile } from "../../core/unique.ts";
import type { JobEnd, JobTerms } from "../contract/inspect.ts";

/** A 64-bit integer as a database library hands it out. */
export type Int64 = number | string | bigint;

/** The columns both reads have. JSON columns are text. */
interface CommonRow {
  readonly id: Int64;
  readonly run: number;
  readonly name: string;
  readonly version: number;
  readonly queue: string;
  readonly checkpoint: string | null;
  readonly attempt: number;
  readonly crashes: number;
  readonly attempts: string | null;
  readonly created_at: Int64;
  readonly run_at: Int64;
  readonly tags: string | null;
  readonly gates: string | null;
  readonly trace: string | null;
}

/** A row of the jobs view. */
export interface JobRow extends CommonRow {
  /** `null` when it is left out. */
  readonly payload: string | null;
  readonly state: string;
  readonly priority: number;
  readonly result: string | null;
  readonly progress: string | null;
  readonly owner: Int64 | null;
  readonly claimed_at: Int64 | null;
  readonly finished_at: Int64 | null;
  readonly cancel: string | null;
  readonly reason: string | null;
  readonly unique_key: string | null;
  /** Where a blocked job waits. */
  readonly gate: string | null;
}

/** A running row of the live table. */
export interface ClaimedRow extends CommonRow {
  readonly payload: string;
  readonly owner: Int64;
  readonly started: boolean | number;
  readonly claimed_at: Int64;
  readonly backoff_ms: Int64;
  /** `null` is the default policy of this code. */
  readonly policy: string | null;
}

/** A row with the values of a job as they are stored. */
export interface TextsRow {
  readonly id: Int64;
  readonly payload: string;
  readonly result: string | null;
  readonly checkpoint: string | null;
  readonly progress: string | null;
}

/** The texts a row holds. */
export function textsOf({ id, payload, result, checkpoint, progress }: TextsRow): JobTexts {
  return { id: String(id), payload, result, checkpoint, progress };
}

/** The part of a row that a job was enqueued with and that never changes. */
export interface TermsRow {
  readonly policy: string | null;
  readonly unique_while: string | null;
}

/** The terms a row holds. */
export function termsOf({ policy, unique_while }: TermsRow): JobTerms {
  return { policy: parsePolicy(policy), uniqueWhile: unique_while as UniqueWhile | null };
}

/** The columns of a job that can be large. */
export const valueColumns = ["payload", "result", "checkpoint", "progress"] as const;

/** The part of a row that says how a job ended. */
export interface EndRow {
  readonly id: Int64;
  readonly state: string;
  readonly result: string | null;
  readonly reason: string | null;
}

/** The job a row of the jobs view describes. */
export function jobOf(row: JobRow): Job {
  return {
    id: String(row.id),
    name: row.name,
    version: row.version,
    queue: row.queue,
    priority: row.priority,
    state: row.state as JobState,
    payload: parseValue(row.payload),
    result: parseValue(row.result),
    checkpoint: parseValue(row.checkpoint),
    progress: parseValue(row.progress),
    attempt: row.attempt,
    crashes: row.crashes,
    run: row.run,
    worker: row.owner === null ? null : String(row.owner),
    createdAt: Number(row.created_at),
    runAt: Number(row.run_at),
    claimedAt: timeOf(row.claimed_at),
    finishedAt: timeOf(row.finished_at),
    cancelRequested: parseCancel(row.cancel),
    reason: parseReason(row.reason),
    attempts: parseAttempts(row.attempts),
    uniqueKey: row.unique_key,
    gates: parseGates(row.gates),
    waitingFor: row.gate,
    tags: parseTags(row.tags),
    trace: row.trace,
  };
}

/** What a row keeps of a policy: the default is left out, so that most rows carry none. */
export function policyText(policy: RetryPolicy): string | null {
  const fields = Object.keys(defaultRetryPolicy) as readonly (keyof RetryPolicy)[];
  const isDefault = fields.every((field) => policy[field] === defaultRetryPolicy[field]);
  return isDefault ? null : JSON.stringify(policy);
}

/** What a row keeps of a job's tags: nothing when it has none. */
export function tagsText(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}

/** What a row keeps of a job's gates: nothing when it has none. */
export function gatesText(gates: readonly Gate[] | undefined): string | null {
  return gates === undefined || gates.length === 0 ? null : JSON.stringify(gates);
}

/** The lease and job a running row describes. */
export function claimedJobOf(row: ClaimedRow): ClaimedJob {
  return {
    lease: { id: String(row.id), owner: String(row.owner), run: row.run },
    name: row.name,
    version: row.version,
    queue: row.queue,
    payload: row.payload,
    checkpoint: row.checkpoint,
    attempt: row.attempt,
    crashes: row.crashes,
    started: Boolean(row.started),
    createdAt: Number(row.created_at),
    runAt: Number(row.run_at),
    claimedAt: Number(row.claimed_at),
    backoffMs: Number(row.backoff_ms),
    policy: parsePolicy(row.policy),
    attempts: parseAttempts(row.attempts),
    tags: parseTags(row.tags),
    gates: parseGates(row.gates),
    trace: row.trace,
  };
}

/** How a finished job's row says it ended. */
export function jobEndOf(row: EndRow): JobEnd {
  return {
    id: String(row.id),
    state: row.state as FinishedState,
    result: row.result,
    reason: parseReason(row.reason),
  };
}

/** A stored request to cancel. */
export function parseCancel(text: string | null): CancelRequest | null {
  return text === null ? null : (JSON.parse(text) as CancelRequest);
}

function parseReason(text: string | null): EndReason | null {
  return text === null ? null : (JSON.parse(text) as EndReason);
}

/** A stored policy; most jobs store none. */
export function parsePolicy(text: string | null): RetryPolicy {
  return text === null ? defaultRetryPolicy : (JSON.parse(text) as RetryPolicy);
}

/** The stored attempts. */
export function parseAttempts(text: string | null): readonly Attempt[] {
  return text === null || text === "[]" ? [] : (JSON.parse(text) as Attempt[]);
}

/**
 * The attempts a settlement leaves with its job. None is NULL, so that a job given back unstarted is like one that never ran; of a
 * completed job it is written out: there NULL stands for one.
 */
export function settledAttempts({ to, attempts }: Settlement): string | null {
  return attempts.length === 0 && to !== "completed" ? null : JSON.stringify(attempts);
}

/** The stored tags. */
export function parseTags(text: string | null): readonly string[] {
  return text === null || text === "[]" ? [] : (JSON.parse(text) as string[]);
}

/** The stored gates; most jobs have none. */
export function parseGates(text: string | null): readonly Gate[] {
  return text === null ? noGates : (JSON.parse(text) as Gate[]);
}

const noGates: readonly Gate[] = Object.freeze([]);

/** A value never stored is `undefined`, so that a stored `null` can be told from it. */
function parseValue(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

function timeOf(value: Int64 | null): number | null {
  return value === null ? null : Number(value);
}
