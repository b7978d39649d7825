import { HoldfastError } from "../../core/errors.ts";

/** The error for a handle that is known, but is no open transaction: what it is, and what to pass. */
export function noTransaction(what: string, pass: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `tx is ${what}, so the job would not be part of your transaction. Pass ${pass}.`,
  );
}
