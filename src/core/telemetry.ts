import type { AttemptReport } from "./attempt-report.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import type { EnqueueReceipt } from "./enqueue-options.ts";
import type { NewJob } from "./new-job.ts";

/** The call of a handler, for one job or for those of a batch, from its beginning until it is known what becomes of each job. */
export interface HandlerSpan {
  /** Its own trace context, for what the handler starts elsewhere: a W3C `traceparent`, and its `tracestate` after a space. */
  readonly trace: string | undefined;
  /** Calls the handler within it. A promise it gives never rejects. */
  run<Value>(handler: () => Value): Value;
  /** What has become of one of its jobs. */
  settled(job: ClaimedJob, report: AttemptReport): void;
  /** No more is to come. */
  end(): void;
}

/** Work a client or worker does of its own accord. */
export type WorkName = "claim" | "settle" | "promote";

/** What such work came to. */
export interface WorkDone {
  /** How many jobs it moved; work that moved none is not worth a word. */
  readonly jobs: number;
  /** Their queue, when all are of one. */
  readonly queue?: string | undefined;
  /** The worker it was done for. */
  readonly worker?: string;
  /** The trace contexts stored with the jobs. */
  readonly traces?: readonly string[];
}

/** A call of the application that waits for an answer. */
export type CallName = "get" | "wait" | "stop";

/** Whom such a call is about. */
export interface CallSubject {
  readonly jobs?: readonly string[];
  readonly worker?: string | undefined;
}

/**
 * Who is told what clients and workers do, to make spans and metrics of it: `openTelemetry()` of `holdfast/otel`, or one of your
 * own. A client that is given none asks nothing of it. Its methods must not throw.
 */
export interface Telemetry {
  /** The trace context of the code that runs now, as it is stored with a job: a W3C `traceparent`, and its `tracestate` after a space. */
  traceOf(): string | undefined;
  /**
   * Stores jobs. `store` is to be called once, with the jobs and the trace context that each is to keep. Jobs that come with one
   * were asked for in it by somebody outside, such as the caller of an HTTP request.
   */
  enqueue(
    jobs: readonly NewJob[],
    store: (jobs: readonly NewJob[]) => Promise<readonly EnqueueReceipt[]>,
  ): Promise<readonly EnqueueReceipt[]>;
  /** Fires the ticks of a schedule; `undefined` when another process has. Otherwise like `enqueue`. */
  tick<Answer extends { readonly receipts: readonly EnqueueReceipt[] }>(
    schedule: string,
    jobs: readonly NewJob[],
    fire: (jobs: readonly NewJob[]) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined>;
  /** A handler is about to be called for a job. */
  attempt(job: ClaimedJob): HandlerSpan;
  /** A handler is about to be called for the jobs of a batch. */
  batch(jobs: readonly ClaimedJob[]): HandlerSpan;
  /** A job whose worker has died was brought back, or given up. */
  rescued(job: ClaimedJob, report: AttemptReport): void;
  /** Does work, and tells what it came to. */
  work<Value>(
    name: WorkName,
    run: () => Promise<Value>,
    read: (value: Value) => WorkDone,
  ): Promise<Value>;
  /** Makes a call on behalf of the application. */
  call<Value>(name: CallName, subject: CallSubject, run: () => Promise<Value>): Promise<Value>;
}
