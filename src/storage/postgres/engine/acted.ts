import type { Operation } from "../../../core/operation.ts";
import { type GatedRow, gatesIn } from "./due-rows.ts";

/** What is to be done, and when. */
export interface BulkPlan {
  readonly operation: Operation;
  readonly now: number;
}

/** What became of some jobs; those it names nowhere could not be reached now. */
export interface Acted {
  readonly done: readonly string[];
  /** It is not to be done to these. */
  readonly refused: readonly string[];
  readonly cancelling: readonly string[];
  readonly gates: readonly string[];
  readonly queues: readonly string[];
}

/** A row of what a statement has done. */
export interface ActedRow extends GatedRow {
  readonly id: string;
  readonly queue: string;
  /** True for a running job, which is only asked. */
  readonly asked?: boolean;
}

/** What rows say of what was done. */
export function actedBy(
  rows: readonly ActedRow[],
  refused: readonly string[],
  wakes: boolean,
): Acted {
  return {
    done: rows.map(({ id }) => id),
    refused,
    cancelling: rows.filter(({ asked }) => asked === true).map(({ id }) => id),
    gates: [...new Set(rows.flatMap(gatesIn))],
    queues: wakes ? [...new Set(rows.map(({ queue }) => queue))] : [],
  };
}
