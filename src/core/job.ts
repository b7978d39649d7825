import type { Attempt } from "./attempt.ts";
import type { EndReason } from "./end-reason.ts";
import type { Gate } from "./gate.ts";

/** Where a job stands. The last three are *finished*. */
export type JobState =
  | "scheduled"
  | "available"
  | "blocked"
  | "running"
  | "retryable"
  | "completed"
  | "cancelled"
  | "discarded";

/** All states, in the order of a job's life. */
export const jobStates: readonly JobState[] = [
  "scheduled",
  "available",
  "blocked",
  "running",
  "retryable",
  "completed",
  "cancelled",
  "discarded",
];

/** The states a job never leaves by itself. */
export type FinishedState = "completed" | "cancelled" | "discarded";

/** True when a state is one a job never leaves by itself. */
export function isFinished(state: JobState): state is FinishedState {
  return state === "completed" || state === "cancelled" || state === "discarded";
}

declare const resultOf: unique symbol;

/**
 * A job's identity: a 64-bit integer of the database, as text, so that no border rounds it.
 * It carries the result's type, so that `client.handle(id).result()` is typed.
 */
export type JobId<Result = unknown> = string & { readonly [resultOf]?: Result };

/** A job as the database has it now. Times are milliseconds since the Unix epoch. */
export interface Job<Result = unknown> {
  readonly id: JobId<Result>;
  readonly name: string;
  /** The version of the definition that made the payload. */
  readonly version: number;
  readonly queue: string;
  readonly priority: number;
  readonly state: JobState;
  readonly payload: unknown;
  readonly result: Result | undefined;
  /** The checkpoint `job.state.set` wrote last. */
  readonly checkpoint: unknown;
  readonly progress: unknown;
  /** Attempts counted against the budget so far. */
  readonly attempt: number;
  /** Crashes in a row. */
  readonly crashes: number;
  /** How often the job was claimed; never lowered. */
  readonly run: number;
  /** The id of the worker that runs it. */
  readonly worker: string | null;
  readonly createdAt: number;
  /** When it is or was due. */
  readonly runAt: number;
  readonly claimedAt: number | null;
  readonly finishedAt: number | null;
  /** The request to cancel a running job, until the job has ended. */
  readonly cancelRequested: CancelRequest | null;
  /** Why it was cancelled or discarded. */
  readonly reason: EndReason | null;
  /** The newest 32 attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  readonly uniqueKey: string | null;
  /** Its lane and limits, as the gates it has to be let in through. */
  readonly gates: readonly Gate[];
  /** The gate a blocked job waits at; `null` in every other state. */
  readonly waitingFor: string | null;
  readonly tags: readonly string[];
  /**
   * The trace it was enqueued in: a W3C `traceparent`, and after a space the `tracestate` when there was one. `null` where nothing
   * traced.
   */
  readonly trace: string | null;
}

/** Who asked a job to stop, and why. */
export interface CancelRequest {
  readonly why: string;
  readonly by: string | null;
  readonly at: number;
}
