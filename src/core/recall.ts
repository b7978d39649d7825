import type { EnqueueReceipt } from "./enqueue-options.ts";
import { isFinished, type JobState } from "./job.ts";

/** What is known of the request an idempotency key named before. Times are milliseconds since the epoch. */
export interface KnownRequest {
  /** The job it made. */
  readonly id: string;
  readonly keptMs: number;
  /** When the key becomes free; set when the job's row was removed. */
  readonly until: number | null;
  /** `null` when the job is no longer kept. */
  readonly state: JobState | null;
  readonly finishedAt: number | null;
}

/** The answer to a repeated request; `undefined` when the key's time is up, so that it names a new one. */
export function recall(known: KnownRequest, now: number): EnqueueReceipt | undefined {
  const { id, keptMs, until, state, finishedAt } = known;
  const existing = { id, outcome: "existing" } as const;
  if (state !== null && !isFinished(state)) return existing;
  const end = until ?? (finishedAt === null ? null : finishedAt + keptMs);
  if (end === null || end <= now) return undefined;
  return state === null ? { ...existing, kept: false } : existing;
}
