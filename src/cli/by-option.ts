import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What `--by` reads into. */
export interface ByOption {
  readonly by?: string;
}

/** Adds `--by <who>`: everything an operator does is in the audit under a name. */
export function addBy(command: Command): Command {
  return command.option("--by <who>", "who does it, for the audit (default: $USER)");
}

/** Who does it: as said, else who is logged in; nothing when neither is known. */
export function whoOf({ by }: ByOption, { env }: Terminal): ByOption {
  const who = by ?? (env["USER"] || undefined);
  return who === undefined ? {} : { by: who };
}
