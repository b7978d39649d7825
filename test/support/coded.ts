import { expect } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";

/** Matches a `HoldfastError` by its code and, when given, by words of its message. */
export function coded(code: ErrorCode, says = ""): Error {
  const message: unknown = expect.stringContaining(says);
  const matcher: unknown = expect.objectContaining({ name: "HoldfastError", code, message });
  return matcher as Error;
}
