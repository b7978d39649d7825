import { CommanderError } from "commander";
import { type ErrorCode, HoldfastError, isHoldfastError } from "../core/errors.ts";

/** How every command ends; the numbers are a promise to scripts. */
export const exitCodes = {
  /** It did what was asked. */
  ok: 0,
  /** It could not, or what it found is bad. */
  failure: 1,
  /** It was asked wrongly: an argument, an option, the configuration. Nothing was done. */
  usage: 2,
} as const;

/** Ends a command that has already said all there is to say. */
export class CommandEnd extends Error {
  override readonly name = "CommandEnd";
  readonly exitCode: number;

  constructor(exitCode: number = exitCodes.failure) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Errors about how the command was given, whatever is in the database. */
const aboutUsage: readonly string[] = [
  "INVALID_OPTION",
  "PAYLOAD_INVALID",
  "PAYLOAD_TOO_LARGE",
  "DUPLICATE_DEFINITION",
  "DUPLICATE_HANDLER",
] satisfies readonly ErrorCode[];

/** The exit code for whatever a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandEnd) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const isUsage = isHoldfastError(error) && aboutUsage.includes(error.code);
  return isUsage ? exitCodes.usage : exitCodes.failure;
}

/** A way of asking that cannot be understood; the message says how to ask instead. */
export function wrongUsage(message: string, cause?: unknown): HoldfastError {
  return new HoldfastError("INVALID_OPTION", message, cause === undefined ? {} : { cause });
}
