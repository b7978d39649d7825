import { HoldfastError } from "../core/errors.ts";
import { scrub } from "./scrub.ts";

/** The error for state that was asked for and is not set. */
export function notConfigured(call: string, variables: string): HoldfastError {
  return new HoldfastError("STATE_NOT_CONFIGURED", `${call} needs ${variables} to be set.`, {
    details: { variables },
  });
}

/** The error for state that is set and does not answer. Neither it nor its cause repeats the URL, which may hold a password. */
export function unreachable(
  what: string,
  variable: string,
  url: string,
  cause: unknown,
): HoldfastError {
  return new HoldfastError(
    "STATE_UNREACHABLE",
    `${what} cannot be used: ${variable} is set, and what it leads to does not answer as it must. Correct the URL or start the server; unset it where the service needs none.`,
    { cause: scrub(cause, url), details: { variable } },
  );
}

/** The error for a variable that holds what it cannot. It does not repeat it. */
export function wrongValue(variable: string, must: string): HoldfastError {
  return new HoldfastError("STATE_NOT_CONFIGURED", `${variable} must be ${must}.`, {
    details: { variables: variable },
  });
}

/** The error for a package that is needed now and was not installed. */
export function driverMissing(what: string, name: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    "DRIVER_MISSING",
    `${what} needs the package "${name}", which could not be loaded. Install it: npm i ${name}`,
    { cause },
  );
}
