import type { EnqueueOptions, WorkerOptions } from "holdfast";

/** What a worker process is told before it starts. */
export interface WorkerPlan {
  readonly url: string;
  readonly options: Omit<WorkerOptions<unknown>, "handlers" | "services">;
}

/** What a test may ask of a running worker process. */
export type WorkerOrder =
  | {
      readonly order: "enqueue";
      readonly name: string;
      readonly payloads: readonly unknown[];
      readonly options?: EnqueueOptions;
    }
  | { readonly order: "shift-clock"; readonly ms: number }
  | { readonly order: "stop" };

/** What a worker process reports. */
export type WorkerReport =
  | { readonly event: "ready" }
  | { readonly event: "enqueued"; readonly ids: readonly string[] }
  | { readonly event: "clock-shifted"; readonly byMs: number }
  /** A handler began. */
  | { readonly event: "began"; readonly job: string; readonly run: number; readonly worker: string }
  /** A handler saw its signal abort. */
  | {
      readonly event: "aborted";
      readonly job: string;
      readonly run: number;
      readonly kind: string;
      readonly code: string;
    }
  /** A handler's write was refused. */
  | {
      readonly event: "refused";
      readonly job: string;
      readonly run: number;
      readonly call: string;
      readonly code: string;
    };
