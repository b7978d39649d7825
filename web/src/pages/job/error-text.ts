import type { StoredError } from "../../../../src/core/stored-error.ts";

/** An error as text to pass on: its stack, and those of its causes. */
export function errorText({ name, message, stack, cause, errors = [] }: StoredError): string {
  return [
    stack ?? `${name}: ${message}`,
    ...(cause === undefined ? [] : [`Caused by: ${errorText(cause)}`]),
    ...errors.map((each, index) => `[${index}]: ${errorText(each)}`),
  ].join("\n");
}
