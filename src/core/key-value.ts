import { HoldfastError } from "./errors.ts";

/**
 * What a key comes to: itself, or what its function makes of the stored payload.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when the function throws.
 */
export function keyValue(option: string, key: unknown, input: unknown): unknown {
  if (typeof key !== "function") return key;
  try {
    return (key as (payload: unknown) => unknown)(input);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HoldfastError(
      "INVALID_OPTION",
      `${option} threw, given the payload as it is stored: ${message}`,
      { cause, details: { option } },
    );
  }
}
