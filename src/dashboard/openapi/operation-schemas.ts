import type { BulkAction } from "../../core/operation.ts";
import type {
  OperationCountAnswer,
  OperationPreviewAnswer,
  OperationRow,
  OperationsAnswer,
} from "../wire/operations.ts";
import { byState, jobRow } from "./job-schemas.ts";
import {
  flag,
  list,
  moment,
  nullable,
  ref,
  type SchemaOf,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

const action: SchemaOf<BulkAction> = words(
  "retry",
  "cancel",
  "runNow",
  "delete",
  "move",
  "changePriority",
);

/** What is answered about bulk operations. */
export const operationSchemas = {
  Operation: shape<OperationRow>({
    id: text,
    action,
    q: text,
    by: nullable(text),
    why: nullable(text),
    queue: nullable(text),
    priority: nullable(whole),
    state: words("running", "completed", "cancelled"),
    matched: whole,
    atLeast: flag,
    done: whole,
    skipped: whole,
    failed: whole,
    error: nullable(text),
    createdAt: moment,
    finishedAt: nullable(moment),
  }),
  Operations: shape<OperationsAnswer>({
    operations: list(ref<OperationRow>("Operation")),
    next: nullable(text),
  }),
  OperationPreview: shape<OperationPreviewAnswer>({
    action,
    matched: whole,
    atLeast: flag,
    byState: byState(whole),
    sample: list(jobRow),
  }),
  OperationCount: shape<OperationCountAnswer>({
    action,
    matched: whole,
    byState: byState(whole),
    next: nullable(text),
  }),
  OperationCancelled: shape({ outcome: words("cancelled", "finished") }),
} as const;
