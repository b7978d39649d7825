import type { BulkAction, Operation } from "../../core/operation.ts";
import type { JobState } from "../../core/job.ts";
import type { JobRow } from "./jobs.ts";

/** `POST api/operations/preview` and `POST api/operations`. */
export interface OperationBody {
  readonly action: BulkAction;
  /** The jobs, in the filter language. */
  readonly q: string;
  readonly why?: string;
  readonly queue?: string;
  readonly priority?: number;
}

/** What it would be about, were it started now. */
export interface OperationPreviewAnswer {
  readonly action: BulkAction;
  readonly matched: number;
  /** True when counting stopped: there may be more. */
  readonly atLeast: boolean;
  readonly byState: Readonly<Record<JobState, number>>;
  readonly sample: readonly JobRow[];
}

/** `POST api/operations/count`: an operation that is looked at, and how far it was counted. */
export interface OperationCountBody extends OperationBody {
  /** `next` of the part before; the first part without it. */
  readonly after?: string;
}

/** One part of an exact count, oldest first. */
export interface OperationCountAnswer {
  readonly action: BulkAction;
  readonly matched: number;
  readonly byState: Readonly<Record<JobState, number>>;
  /** Where the next part begins; `null` when all were counted. */
  readonly next: string | null;
}

/** An operation, with its filter as people write it. */
export interface OperationRow extends Omit<Operation, "filter"> {
  readonly q: string;
}

/** `GET api/operations`. */
export interface OperationsAnswer {
  readonly operations: readonly OperationRow[];
  readonly next: string | null;
}
