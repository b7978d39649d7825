import { checkOptions, isWhole, type OptionRule, oneOf, rule } from "../core/check-options.ts";
import { defaults } from "../core/defaults.ts";
import type { Duration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { traceOf } from "../core/trace.ts";
import { argvRule, namesRule } from "./argv.ts";
import type { Environment } from "./child-environment.ts";
import type { ExitCodes } from "./protocol/exit-code.ts";
import { timeSpan } from "./time-span.ts";

/** What to run for one job. */
export interface CommandPlan {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Variables beside `PATH`, those inherited and the `HOLDFAST_*` ones that name the job. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where it runs: the `root` or a directory below it; default the root. */
  readonly cwd?: string;
  /** What it reads; default nothing. */
  readonly stdin?: string | Uint8Array;
}

/** How commands run and what their ends mean. */
export interface CommandOptions {
  /**
   * What of its output becomes the job's result: the `"text"` as it is (default), the value of its `"json"`, or `"none"`.
   */
  readonly output?: "text" | "json" | "none";
  /** No command runs outside it; default the directory this process runs in. */
  readonly root?: string;
  /** Names of this process's variables that commands get as well. */
  readonly inherit?: readonly string[];
  /** How much output is kept, in bytes, with a mark in place of the rest; default 256 KiB. */
  readonly maxOutput?: number;
  /** How long a command has after SIGTERM before its process group is killed; default `"3s"`. */
  readonly grace?: Duration;
  /** The exit code that discards the job; default 110, null for none. */
  readonly discardCode?: number | null;
  /** The exit code that throttles the job's queue; default 111, null for none. */
  readonly throttleCode?: number | null;
}

/** Options with their defaults in place. */
export interface CommandSettings {
  readonly output: "text" | "json" | "none";
  readonly root: string;
  readonly inherit: readonly string[];
  readonly maxOutput: number;
  readonly graceMs: number;
  readonly codes: ExitCodes;
}

const pathRule: OptionRule = {
  is: "a path",
  test: (value) => typeof value === "string" && value !== "",
};

const exitCodeRule: OptionRule = {
  is: "an exit code from 1 to 255, or null",
  test: (value) => value === null || isWhole(value, 1, 255),
};

const optionRules: Readonly<Record<keyof CommandOptions, OptionRule>> = {
  output: oneOf("text", "json", "none"),
  root: pathRule,
  inherit: namesRule,
  maxOutput: rule.count,
  grace: rule.any,
  discardCode: exitCodeRule,
  throttleCode: exitCodeRule,
};

const planRules: Readonly<Record<keyof CommandPlan, OptionRule>> = {
  argv: argvRule,
  env: rule.object,
  cwd: pathRule,
  stdin: {
    is: "text or bytes",
    test: (value) => typeof value === "string" || value instanceof Uint8Array,
  },
};

/**
 * Fills in the defaults.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function commandSettings(options: CommandOptions): CommandSettings {
  checkOptions("command", options, optionRules);
  const { discardCode = defaults.discardCode, throttleCode = defaults.throttleCode } = options;
  return {
    output: options.output ?? "text",
    root: options.root ?? process.cwd(),
    inherit: options.inherit ?? [],
    maxOutput: options.maxOutput ?? defaults.commandOutputBytes,
    graceMs: timeSpan(options.grace ?? defaults.childGraceMs, "command: grace"),
    codes: { discard: discardCode, throttle: throttleCode },
  };
}

/**
 * Checks what a plan function gave.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkPlan(plan: CommandPlan): void {
  checkOptions("A command's plan", plan, planRules);
  if (plan.argv === undefined) {
    throw new HoldfastError("INVALID_OPTION", "A command's plan needs argv, the program to run.");
  }
}

/** The variables that tell a command which job it works for. */
export function jobVariables(job: {
  readonly id: string;
  readonly run: number;
  readonly attempt: number;
  readonly name: string;
  readonly queue: string;
  readonly trace: string | undefined;
}): Environment {
  const trace = traceOf(job.trace ?? null);
  return {
    HOLDFAST_JOB_ID: job.id,
    HOLDFAST_JOB_RUN: String(job.run),
    HOLDFAST_JOB_NAME: job.name,
    HOLDFAST_ATTEMPT: String(job.attempt),
    HOLDFAST_QUEUE: job.queue,
    TRACEPARENT: trace?.traceparent,
    TRACESTATE: trace?.tracestate,
  };
}
