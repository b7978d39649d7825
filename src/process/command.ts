import { DiscardError, ThrottleError } from "../core/endings.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobContext } from "../core/job-context.ts";
import { childEnvironment } from "./child-environment.ts";
import {
  type CommandOptions,
  type CommandPlan,
  type CommandSettings,
  checkPlan,
  commandSettings,
  jobVariables,
} from "./command-options.ts";
import { describeEnd } from "./process-end.ts";
import { refuseWithoutGroups } from "./process-group.ts";
import { meaningOfExit } from "./protocol/exit-code.ts";
import { type CommandRun, type ReadyCommand, runCommand } from "./run-command.ts";
import { directoryInside } from "./working-directory.ts";

/** What a plan function may look at: the handler's context but for what depends on the result's type. */
export type CommandJob = Omit<JobContext, "setResult" | "transaction" | "services">;

/** Says what to run for a job. */
export type CommandFunction<Payload> = (
  payload: Payload,
  job: CommandJob,
) => CommandPlan | Promise<CommandPlan>;

/** A handler that runs a command; pass it to a definition's `handler`. */
export type CommandHandler<Payload, Result> = (
  payload: Payload,
  job: CommandJob,
) => Promise<Result>;

/**
 * A handler that runs a program of its own for each job, without a shell. Exit code 0 completes the job with its output;
 * 110 discards the job and 111 throttles its queue; anything else fails the attempt with the end of its error stream.
 * When the job's signal aborts, the program's whole process group gets SIGTERM, then SIGKILL. Not on Windows.
 *
 * An attempt fails with `COMMAND_FAILED`, `CWD_OUTSIDE_ROOT`, or `INVALID_OPTION` for a plan that is none.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `PLATFORM_UNSUPPORTED`.
 * @example
 * ```ts
 * import { command } from "holdfast/process";
 *
 * const resize = defineJob<{ path: string }, string>({ name: "resize", timeout: "2m" });
 * const handler = resize.handler(
 *   command(({ path }) => ({ argv: ["convert", path, "-resize", "50%", `small-${path}`] }), {
 *     root: "/srv/images",
 *   }),
 * );
 * ```
 */
export function command<Payload = unknown>(
  plan: CommandFunction<Payload>,
  options?: CommandOptions & { readonly output?: "text" },
): CommandHandler<Payload, string>;
export function command<Payload = unknown, Result = unknown>(
  plan: CommandFunction<Payload>,
  options: CommandOptions & { readonly output: "json" },
): CommandHandler<Payload, Result>;
export function command<Payload = unknown>(
  plan: CommandFunction<Payload>,
  options: CommandOptions & { readonly output: "none" },
): CommandHandler<Payload, void>;
export function command(
  plan: CommandFunction<unknown>,
  options: CommandOptions = {},
): CommandHandler<unknown, unknown> {
  const settings = commandSettings(options);
  refuseWithoutGroups("command");
  return async (payload, job) => {
    const ready = await prepare(await plan(payload, job), settings, job);
    job.signal.throwIfAborted();
    const run = await runCommand(ready, job.signal, settings);
    // Many programs end well when they are told to stop, with their work half done.
    if (run.stopped) job.signal.throwIfAborted();
    const errors = run.stderr.text();
    if (errors !== "") job.log.debug({ stderr: errors }, "the command wrote to its error stream");
    return endingOf(run, ready.argv[0] ?? "", settings);
  };
}

async function prepare(
  plan: CommandPlan,
  settings: CommandSettings,
  job: CommandJob,
): Promise<ReadyCommand> {
  checkPlan(plan);
  return {
    argv: plan.argv,
    cwd: await directoryInside(settings.root, plan.cwd),
    env: childEnvironment(process.env, settings.inherit, { ...jobVariables(job), ...plan.env }),
    stdin: plan.stdin ?? "",
  };
}

function endingOf(run: CommandRun, program: string, settings: CommandSettings): unknown {
  const { end } = run;
  const meaning = meaningOfExit(end.kind === "exited" ? end.code : null, settings.codes);
  if (meaning === "completed") return resultOf(run, program, settings);
  const why = `${program} ${describeEnd(end, whatItSaid(run))}`;
  switch (meaning) {
    case "discard":
      throw new DiscardError(why);
    case "throttle":
      throw new ThrottleError(undefined, why);
    case "failed":
      throw new HoldfastError("COMMAND_FAILED", `${why}.`, {
        details: end.kind === "unstarted" ? {} : { ...end },
        ...(end.kind === "unstarted" ? { cause: end.error } : {}),
      });
  }
}

/** Programs that write no errors say what is wrong where they say everything. */
function whatItSaid({ stderr, stdout }: CommandRun): string {
  const errors = stderr.text();
  return errors.trim() === "" ? stdout.text().slice(-1_000) : errors;
}

function resultOf({ stdout }: CommandRun, program: string, settings: CommandSettings): unknown {
  switch (settings.output) {
    case "none":
      return undefined;
    case "text":
      return stdout.text();
    case "json":
      return parseOutput(stdout.text(), stdout.dropped(), program, settings.maxOutput);
  }
}

function parseOutput(text: string, dropped: number, program: string, maxOutput: number): unknown {
  if (dropped > 0) {
    throw new HoldfastError(
      "COMMAND_FAILED",
      `${program} wrote ${maxOutput + dropped} bytes of output, and maxOutput keeps ${maxOutput}; raise it, or write less.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HoldfastError(
      "COMMAND_FAILED",
      `${program} ended well, but its output is not JSON: ${JSON.stringify(text.slice(0, 200))}.`,
      { cause },
    );
  }
}
