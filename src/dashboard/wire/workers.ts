import type { WorkerRecord } from "../../core/worker-record.ts";

/** A worker's card. */
export interface WorkerRow extends WorkerRecord {
  /** True when it has been silent for longer than half its lease. */
  readonly silent: boolean;
  /** True when it runs another version of Holdfast than most. */
  readonly versionDiffers: boolean;
}

/** `GET api/workers`. */
export interface WorkersAnswer {
  readonly workers: readonly WorkerRow[];
  readonly now: number;
}
