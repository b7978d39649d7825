import { Command, CommanderError } from "commander";
import { isHoldfastError } from "../core/errors.ts";
import { packageVersion } from "../service/package-version.ts";
import { addCommonOptions } from "./command-context.ts";
import { commandGroups } from "./command-groups.ts";
import { CommandEnd, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { createPaint } from "./paint.ts";
import { redact } from "./redact.ts";
import type { Terminal } from "./terminal.ts";

const firstSteps = `
First steps: npx holdfast init sets a project up. Or by hand, with a SQLite file; write jobs.js as docs/guides/cli.md shows:
  npx holdfast migrate --url sqlite:jobs.db                       make the tables; --plan shows the SQL instead
  npx holdfast enqueue welcome '"Ada"' --url sqlite:jobs.db       store a job
  npx holdfast work jobs.js --url sqlite:jobs.db                  run the jobs whose handlers jobs.js exports
  npx holdfast status --url sqlite:jobs.db                        what there is: jobs, queues, workers

Exit codes: 0 done, 1 failed or something is wrong, 2 asked wrongly and nothing was done.`;

/** Runs one command line and gives the exit code, one of `exitCodes` or what the command says. Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    // Commander has said what is wrong; a command that ends has said what it found.
    const isSaid = error instanceof CommanderError || error instanceof CommandEnd;
    if (!isSaid)
      terminal.err(describe(error, program.opts<{ json?: boolean }>().json === true, terminal));
    return exitCodeOf(error);
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command("holdfast")
    .description("Durable background jobs in the database you already have.")
    .version(packageVersion() ?? "unknown")
    .showHelpAfterError("Run holdfast --help to see what there is.")
    .configureOutput({ writeOut: terminal.out, writeErr: (text) => terminal.err(redact(text)) })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .addHelpText("after", firstSteps);
  addCommonOptions(program);
  for (const [heading, commands] of commandGroups) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, terminal);
  }
  return program;
}

/** What to print of an error: one line, or JSON on one; where it was thrown only in a debug log. */
function describe(error: unknown, json: boolean, { env, isTerminal }: Terminal): string {
  const message = redact(error instanceof Error ? error.message : String(error));
  if (json) {
    const shown = isHoldfastError(error)
      ? { code: error.code, message, retryable: error.retryable, details: error.details }
      : { code: null, message, retryable: false, details: {} };
    return `${redact(JSON.stringify({ error: shown }))}\n`;
  }
  const paint = createPaint(isTerminal.err, env);
  const code = isHoldfastError(error) ? `${paint("red", error.code)}: ` : "";
  const stack = error instanceof Error && env["HOLDFAST_LOG"] === "debug" ? `\n${error.stack}` : "";
  return `holdfast: ${code}${message}${redact(stack)}\n`;
}
