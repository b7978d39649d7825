import { availableParallelism } from "node:os";
import { checkOptions, type OptionRule, rule } from "../core/check-options.ts";
import { defaults } from "../core/defaults.ts";
import type { Duration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Ending } from "../core/job-context.ts";
import type { ChildJob } from "./child-job.ts";
import { createChildPool } from "./child-pool.ts";
import { threadLinks } from "./thread-link.ts";
import { timeSpan } from "./time-span.ts";

/** How many threads run a module, and how they are bounded. */
export interface ThreadOptions {
  /** Threads at most; default one less than there are processors, and at least one. They are started when jobs need them. */
  readonly size?: number;
  /** How long a thread has to load its module and call `serveThread`; default `"30s"`. */
  readonly start?: Duration;
  /** How long a job has to stop after its signal aborted, before its thread is ended in the middle of whatever it does; default `"3s"`. */
  readonly grace?: Duration;
  /** Replaces a thread after so many jobs; default never. */
  readonly recycleAfter?: number;
  /** The size of a thread's heap in MiB; one that outgrows it fails its attempt. Default is Node's own. */
  readonly memoryMb?: number;
  /** Node's options for the threads, such as `["--import", "tsx"]`; default none, whatever this process was started with. */
  readonly execArgv?: readonly string[];
}

/** A handler whose jobs run in threads. Idle threads do not keep the process alive. */
export interface ThreadHandler {
  /** @throws {HoldfastError} `CHILD_LOST`, `CHILD_PROTOCOL`, `CHILD_POOL_CLOSED`; and what the job's function throws. */
  <Result>(payload: unknown, job: ChildJob): Promise<Result | Ending>;
  /** Takes no more jobs, lets running ones end, and ends the threads. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const rules: Readonly<Record<keyof ThreadOptions, OptionRule>> = {
  size: rule.count,
  start: rule.any,
  grace: rule.any,
  recycleAfter: rule.count,
  memoryMb: rule.count,
  execArgv: {
    is: "a list of texts",
    test: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  },
};

/**
 * A handler that runs each job in a thread, for work that would keep the event loop busy. The module at `url` calls
 * `serveThread`. Threads are kept for the next job; one that ignores its job's signal is ended after the grace, even in a
 * loop that never waits.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 * @example
 * ```ts
 * import { threadHandler } from "holdfast/process";
 *
 * const hash = defineJob<{ path: string }, string>({ name: "hash" });
 * const handler = hash.handler(threadHandler(new URL("./hash-thread.js", import.meta.url), { size: 2 }));
 * ```
 */
export function threadHandler(url: URL, options: ThreadOptions = {}): ThreadHandler {
  checkOptions("threadHandler", options, rules);
  if (!(url instanceof URL)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      'threadHandler takes the URL of a module: new URL("./file.js", import.meta.url).',
    );
  }
  const pool = createChildPool({
    called: `thread handler of ${url.pathname}`,
    connect: threadLinks({ url, execArgv: options.execArgv ?? [], memoryMb: options.memoryMb }),
    size: options.size ?? Math.max(1, availableParallelism() - 1),
    graceMs: timeSpan(options.grace ?? defaults.childGraceMs, "threadHandler: grace"),
    startMs: timeSpan(options.start ?? defaults.childStartMs, "threadHandler: start"),
    recycleAfter: options.recycleAfter ?? Number.POSITIVE_INFINITY,
  });
  const run = <Result>(payload: unknown, job: ChildJob): Promise<Result | Ending> =>
    pool.run(payload, job) as Promise<Result>;
  return Object.assign(run, {
    close: () => pool.close(),
    [Symbol.asyncDispose]: () => pool.close(),
  });
}
