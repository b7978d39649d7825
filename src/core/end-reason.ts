import type { ErrorCode } from "./errors.ts";

/** Why a job was cancelled or discarded. */
export interface EndReason {
  readonly code: ErrorCode;
  readonly message: string;
  /** Who cancelled it, when somebody said so. */
  readonly by?: string;
}
