/** The exit codes by which a command says more than that it failed; null for none. */
export interface ExitCodes {
  readonly discard: number | null;
  readonly throttle: number | null;
}

/** What a command's end means for its job. */
export type ExitMeaning = "completed" | "discard" | "throttle" | "failed";

/** Reads an exit code; null is that of a command ended by a signal. */
export function meaningOfExit(code: number | null, codes: ExitCodes): ExitMeaning {
  if (code === null) return "failed";
  if (code === 0) return "completed";
  if (code === codes.discard) return "discard";
  return code === codes.throttle ? "throttle" : "failed";
}
