import { HoldfastError } from "../core/errors.ts";

/** Test clocks begin here unless told, so that a test reads the same every day. */
const usualStart = Date.UTC(2026, 0, 1);

/**
 * Where a test clock begins, in milliseconds since the epoch.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readStart(start: Date | number = usualStart): number {
  const ms = Number(start);
  if (Number.isSafeInteger(ms)) return ms;
  throw new HoldfastError(
    "INVALID_OPTION",
    "A test clock starts at a valid Date or at whole milliseconds since the epoch.",
  );
}
