import { kindOf } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";

const largestId = 9_223_372_036_854_775_807n;

/**
 * Whether a job with this id can exist.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what is no id at all.
 */
export function isPossibleId(id: unknown, call: string): id is string {
  if (typeof id !== "string" || !/^\d+$/.test(id)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${call}: a job's id is decimal text, as enqueue gave it; got ${kindOf(id)}.`,
    );
  }
  // One job has one spelling, so that answers can be matched by text.
  return /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= largestId;
}

/**
 * Checks the id a verb is given.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `JOB_NOT_FOUND` for an id no job can have.
 */
export function checkId(id: unknown, call: string): asserts id is string {
  if (!isPossibleId(id, call)) throw jobNotFound(String(id));
}

/** The error for a job that does not exist, or no longer. */
export function jobNotFound(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_FOUND",
    `There is no job ${id}: it never was, or it was deleted or pruned.`,
    {
      details: { id },
    },
  );
}
