import { HoldfastError } from "../core/errors.ts";

/** The error for state that was asked for and is not set. */
export function notConfigured(call: string, variables: string): HoldfastError {
  return new HoldfastError("STATE_NOT_CONFIGURED", `${call} needs ${variables} to be set.`, {
    details: { variables },
  });
}

/** The error for state that is set and does not answer. It never repeats the URL, which may hold a password. */
export function unreachable(what: string, variable: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    "STATE_UNREACHABLE",
    `${what} cannot be used: ${variable} is set, and what it leads to does not answer as it must. Correct the URL or start the server; unset it where the service needs none.`,
    { cause, details: { variable } },
  );
}

/** A value that what it leads to cannot be given. */
export function wrongValue(variable: string, must: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `${variable} must be ${must}.`, {
    details: { option: variable },
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
