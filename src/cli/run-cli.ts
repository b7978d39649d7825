import { Command, CommanderError } from "commander";
import { isHoldfastError } from "../core/errors.ts";
import { packageVersion } from "../service/package-version.ts";
import { addJobs } from "./commands/jobs.ts";
import { addLimits } from "./commands/limits.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addStatus } from "./commands/status.ts";
import type { Terminal } from "./terminal.ts";

const exitCodes = { ok: 0, failure: 1, usage: 2 } as const;

/** Runs one command line and gives the exit code: 0 for success, 1 for a failure, 2 for wrong usage. Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === "holdfast.rejected") return exitCodes.failure;
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    terminal.err(`holdfast: ${describe(error)}\n`);
    return isHoldfastError(error, "INVALID_OPTION") ? exitCodes.usage : exitCodes.failure;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command("holdfast")
    .description("Durable background jobs in the database you already have.")
    .version(packageVersion() ?? "unknown")
    .showHelpAfterError("Run holdfast --help to see what there is.")
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  addMigrate(program, terminal);
  addStatus(program, terminal);
  addJobs(program, terminal);
  addLimits(program, terminal);
  return program;
}

function describe(error: unknown): string {
  if (isHoldfastError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
