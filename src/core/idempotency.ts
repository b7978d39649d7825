import { checkOptions, isName, rule } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";

/** A key that names one request: whoever repeats the request gets the job it made. */
export type IdempotencyKey = string | IdempotencyKeyOptions;

/** An idempotency key, and how long it counts. */
export interface IdempotencyKeyOptions {
  /** 1 to 255 characters without NUL; counts per job name. */
  readonly key: string;
  /** How long the key gives the same job once that has finished; default `"24h"`. */
  readonly keep?: Duration;
}

/** A request's key, as storage takes it. */
export interface IdempotencyClaim {
  readonly key: string;
  /** How long after the job's end the key still counts, in milliseconds. */
  readonly keptMs: number;
}

const rules = { key: rule.text, keep: rule.any } as const;

/**
 * Reads the option once.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function idempotencyClaim(option: IdempotencyKey): IdempotencyClaim {
  const { key, keep = defaults.idempotencyKeptMs } =
    typeof option === "string" ? { key: option } : checked(option);
  if (!isName(key)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "idempotencyKey must be 1 to 255 characters without NUL; hash longer keys yourself.",
    );
  }
  return { key, keptMs: parseDuration(keep, "idempotencyKey.keep") };
}

function checked(option: IdempotencyKeyOptions): IdempotencyKeyOptions {
  checkOptions("idempotencyKey", option, rules);
  return option;
}
