import type { AttemptEnd } from "../core/attempt.ts";
import type { EndReason } from "../core/end-reason.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";
import type { StoredError } from "../core/stored-error.ts";
import type { JobPatch } from "../storage/contract/settle.ts";
import type { LogLine } from "./log-record.ts";
import type { EnqueuedJob, Written } from "./recording-storage.ts";

/** How one run of a handler ended, and what it did meanwhile. Times are milliseconds since the epoch. */
export interface JobRun<Result = unknown> {
  /** How the attempt ended. */
  readonly how: AttemptEnd;
  /** Where the job stands after it: `retryable` after a failure with attempts left, and so on. */
  readonly state: Settlement["to"];
  /** When the job would run again; `null` when it has finished. */
  readonly runAt: number | null;
  /** What was returned, or stored with `job.setResult`, as a reader of the job would get it. */
  readonly result: Result | undefined;
  /** What was thrown, as it is kept with the attempt. */
  readonly error: StoredError | undefined;
  /** Why the job was cancelled or discarded. */
  readonly reason: EndReason | null;
  /** What `job.state` holds in the end. */
  readonly checkpoint: unknown;
  /** Every value of `job.progress`, in order. */
  readonly progress: readonly unknown[];
  /** The jobs it enqueued and committed, in order. */
  readonly enqueued: readonly EnqueuedJob[];
  /** What was logged, by `job.log` and about the run. */
  readonly logs: readonly LogLine[];
}

/** Reads a run from what it wrote; `checkpoint` is what it began with, as JSON text. */
export function readRun<Result>(
  { enqueued, patches, settlement }: Written,
  checkpoint: string | null,
  logs: readonly LogLine[],
): JobRun<Result> {
  const last = settlement?.attempts.at(-1);
  if (settlement === undefined || last === undefined) {
    const said = logs.map(({ message }) => message).join("; ");
    throw new HoldfastError("HANDLER_FAILED", `The run was not settled; it logged: ${said}.`);
  }
  return {
    how: last.how,
    state: settlement.to,
    runAt: settlement.runAt,
    result: parse(settlement.result ?? newest(patches, "result")) as Result | undefined,
    error: last.error,
    reason: settlement.reason,
    checkpoint: parse(newest(patches, "checkpoint") ?? checkpoint ?? undefined),
    progress: patches.flatMap(({ progress }) => (progress === undefined ? [] : [parse(progress)])),
    enqueued,
    logs,
  };
}

function newest(patches: readonly JobPatch[], member: keyof JobPatch): string | undefined {
  return patches.findLast((patch) => patch[member] !== undefined)?.[member];
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
