import { checkOptions, type OptionRule, rule } from "../core/check-options.ts";
import { defaults } from "../core/defaults.ts";
import type { Duration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Ending } from "../core/job-context.ts";
import { argvRule, namesRule } from "./argv.ts";
import { childEnvironment } from "./child-environment.ts";
import type { ChildJob } from "./child-job.ts";
import { createChildPool } from "./child-pool.ts";
import { refuseWithoutGroups } from "./process-group.ts";
import { processLinks } from "./process-link.ts";
import { timeSpan } from "./time-span.ts";

/** What children a pool has and how long it waits for them. */
export interface ProcessPoolOptions {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Children at most; default 4. They are started when jobs need them. */
  readonly size?: number;
  /** Variables of the children, beside `PATH` and those inherited. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Names of this process's variables the children get as well. */
  readonly inherit?: readonly string[];
  /** Where the children run; default where this process does. */
  readonly cwd?: string;
  /** How long a child has to say that it is ready; default `"30s"`. */
  readonly start?: Duration;
  /** How long a child has to stop a job, or to end, before its process group is killed; default `"3s"`. */
  readonly grace?: Duration;
  /** Replaces a child after so many jobs, as for one that loses memory; default never. */
  readonly recycleAfter?: number;
  /** The longest line a child may write, in bytes; default 4 MiB. */
  readonly maxLine?: number;
  /** `"keep"` keeps the end of a child's error stream for messages; `"inherit"` writes it where this process writes its own. Default `"keep"`. */
  readonly stderr?: "keep" | "inherit";
}

/** Warm child processes that do jobs, written in any language. */
export interface ProcessPool {
  /**
   * The handler: the job is done by a child. Stands alone, so it can be passed on.
   *
   * @throws {HoldfastError} `CHILD_LOST`, `CHILD_PROTOCOL`, `CHILD_POOL_CLOSED`; and the error the child reports.
   */
  readonly run: <Result>(payload: unknown, job: ChildJob) => Promise<Result | Ending>;
  /** Takes no more jobs, lets running ones end, closes the children's input and kills those that stay past their grace. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const rules: Readonly<Record<keyof ProcessPoolOptions, OptionRule>> = {
  argv: argvRule,
  size: rule.count,
  env: rule.object,
  inherit: namesRule,
  cwd: { is: "a path", test: (value) => typeof value === "string" && value !== "" },
  start: rule.any,
  grace: rule.any,
  recycleAfter: rule.count,
  maxLine: rule.count,
  stderr: { is: '"keep" or "inherit"', test: (value) => value === "keep" || value === "inherit" },
};

/**
 * Keeps child processes that do one job after the other and speak the line protocol of `docs/protocol.md`. A child is
 * started when a job needs one and kept for the next. It is replaced after a crash, with a growing pause, and whenever it
 * breaks the protocol. Not on Windows.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `PLATFORM_UNSUPPORTED`.
 * @example
 * ```ts
 * import { processPool } from "holdfast/process";
 *
 * await using python = processPool({ argv: ["python3", "worker.py"], size: 2 });
 * const resize = defineJob<{ path: string }, { width: number }>({ name: "resize" });
 * const worker = createWorker(client, { handlers: [resize.handler(python.run)] });
 * ```
 */
export function processPool(options: ProcessPoolOptions): ProcessPool {
  checkOptions("processPool", options, rules);
  if (options.argv === undefined) {
    throw new HoldfastError("INVALID_OPTION", "processPool needs argv, the program to run.");
  }
  refuseWithoutGroups("processPool");
  const { argv, cwd, maxLine = defaults.childLineBytes } = options;
  const stderr = options.stderr === "inherit" ? "inherit" : "pipe";
  const env = childEnvironment(process.env, options.inherit ?? [], options.env);
  const pool = createChildPool({
    called: `process pool of ${argv[0]}`,
    connect: processLinks({ argv, cwd, env, stderr }, maxLine),
    size: options.size ?? defaults.childPoolSize,
    graceMs: timeSpan(options.grace ?? defaults.childGraceMs, "processPool: grace"),
    startMs: timeSpan(options.start ?? defaults.childStartMs, "processPool: start"),
    recycleAfter: options.recycleAfter ?? Number.POSITIVE_INFINITY,
  });
  return {
    // The child's result is what the definition's schema, or its author, says it is.
    run: <Result>(payload: unknown, job: ChildJob) => pool.run(payload, job) as Promise<Result>,
    close: () => pool.close(),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}
