import { Command, CommanderError } from "commander";
import { isHoldfastError } from "../core/errors.ts";
import { packageVersion } from "../telemetry/package-version.ts";
import { inCommands } from "./command-words.ts";
import { addCommonOptions } from "./command-context.ts";
import { commandGroups } from "./command-groups.ts";
import { CommandEnd, exitCodeOf, exitCodes, wrongUsage } from "./exit-codes.ts";
import { createPaint, plainLines } from "./paint.ts";
import { redact } from "./redact.ts";
import type { Terminal } from "./terminal.ts";

const firstSteps = `
First steps: npx holdfast init sets a project up. Or by hand, with a SQLite file; write jobs.mjs:
  import { defineJob } from "holdfast";
  const welcome = defineJob({ name: "welcome" });
  export const welcomeHandler = welcome.handler((name) => console.log(\`Welcome, \${name}!\`));

  npx holdfast migrate --url sqlite:jobs.db                       make the tables; --plan shows the SQL instead
  npx holdfast enqueue welcome '"Ada"' --url sqlite:jobs.db       store a job
  npx holdfast work jobs.mjs --url sqlite:jobs.db                 run the jobs whose handlers jobs.mjs exports
  npx holdfast status --url sqlite:jobs.db                        what there is: jobs, queues, workers

Exit codes: 0 done, 1 failed or something is wrong, 2 asked wrongly and nothing was done.`;

/** Runs one command line and gives the exit code, one of `exitCodes` or what the command says. Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  // Whether JSON is wanted must be known before the arguments are understood.
  const json = args.includes("--json");
  const program = createProgram(terminal, json);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    const code = exitCodeOf(error);
    // Commander has said what is wrong, but not as JSON; a command that ends has said what it found.
    const isSaid = error instanceof CommandEnd || (error instanceof CommanderError && !json);
    if (!isSaid && code !== exitCodes.ok) terminal.err(describe(asCoded(error), json, terminal));
    return code;
  }
}

/** How the command line was not understood, as every other failure is told. */
function asCoded(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  return wrongUsage(error.message.replace(/^error: /, ""), error);
}

function createProgram(terminal: Terminal, json: boolean): Command {
  const program = new Command("holdfast")
    .description("Durable background jobs in the database you already have.")
    .version(packageVersion() ?? "unknown")
    .showHelpAfterError("Run holdfast --help to see what there is.")
    .configureOutput({
      writeOut: terminal.out,
      writeErr: (text) => (json ? undefined : terminal.err(redact(text))),
    })
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
  const message = redact(
    plainLines(inCommands(error instanceof Error ? error.message : String(error))),
  );
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
