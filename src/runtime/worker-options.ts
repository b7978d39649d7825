import type { BatchHandler } from "../core/batch.ts";
import { checkOptions, isWhole, type OptionRule, rule } from "../core/check-options.ts";
import { defaults } from "../core/defaults.ts";
import type { JobHandler } from "../core/define-job.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { readQueueList } from "../core/served-queues.ts";
import type { AnyHandler } from "./handler-book.ts";
import { overrideHandlers } from "./override-handlers.ts";

/** How a worker serves one queue. */
export interface WorkerQueueOptions {
  /** Jobs of this queue running at once in this process; default 10. */
  readonly concurrency?: number;
}

/** What a worker runs, and how. */
export interface WorkerOptions<Services> {
  /** Made by `definition.handler(...)` and `definition.batchHandler(...)`, at most one for each definition. */
  readonly handlers: readonly (JobHandler<NoInfer<Services>> | BatchHandler<NoInfer<Services>>)[];
  /** For tests: run these instead of the handlers of the same definitions, each of which must be among `handlers`. */
  readonly override?: readonly (JobHandler<NoInfer<Services>> | BatchHandler<NoInfer<Services>>)[];
  /** Given to every handler as `job.services` or `batch.services`. */
  readonly services?: Services;
  /**
   * The queues served, by name or by a pattern such as `"emails-*"`, whose queues are served as they come into being. Default what
   * the environment variable `HOLDFAST_QUEUES` lists (`"emails-*=20,default"`), else those of the handlers' definitions.
   */
  readonly queues?: Readonly<Record<string, WorkerQueueOptions>>;
  /** Jobs running at once in this process, over all queues; default 50. */
  readonly concurrency?: number;
  /** How long a worker may be silent before its jobs are rescued; default `"30s"`. */
  readonly lease?: Duration;
  /** How often it says that it is alive; default a sixth of the lease, at most `"5s"`. */
  readonly heartbeat?: Duration;
  /** How long `stop` waits for running jobs before it aborts their signals; default `"30s"`. */
  readonly drain?: Duration;
  /** How long a handler may go on after its signal aborted; default `"5s"`. */
  readonly grace?: Duration;
  /**
   * The longest pause between looks for work when no wakeup arrives; default `"1s"`. While wakeups are known to arrive, 15 times
   * as long.
   */
  readonly poll?: Duration;
  /** How long the main loop may stand still before the process ends itself with exit code 70; default `"5m"`. */
  readonly wedgedAfter?: Duration;
  /** Crashes in a row after which a job is discarded, for jobs whose definition does not say; default 3. */
  readonly maxCrashes?: number;
}

/** The options, checked and filled in. Times are milliseconds. */
export interface WorkerSettings {
  readonly handlers: ReadonlyMap<string, AnyHandler>;
  readonly services: unknown;
  /** The queues named; `undefined` for those of the handlers' definitions. */
  readonly queues: ReadonlyMap<string, number> | undefined;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly drainMs: number;
  readonly graceMs: number;
  readonly pollMs: number;
  readonly wedgedAfterMs: number;
  readonly maxCrashes: number | undefined;
}

const handlersRule: OptionRule = {
  is: "an array of handlers made by definition.handler(...) or batchHandler(...)",
  test: isHandlers,
};

const rules: Readonly<Record<string, OptionRule>> = {
  handlers: handlersRule,
  override: handlersRule,
  services: rule.any,
  queues: rule.object,
  concurrency: rule.count,
  lease: rule.any,
  heartbeat: rule.any,
  drain: rule.any,
  grace: rule.any,
  poll: rule.any,
  wedgedAfter: rule.any,
  maxCrashes: {
    is: "a whole number of at least 1, or Infinity",
    test: (value) => value === Number.POSITIVE_INFINITY || isWhole(value, 1),
  },
};

/**
 * Checks a worker's options and fills in the defaults.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DUPLICATE_HANDLER`.
 */
export function workerSettings<Services>(options: WorkerOptions<Services>): WorkerSettings {
  checkOptions("createWorker", options, rules);
  if (options.handlers === undefined) {
    throw new HoldfastError("INVALID_OPTION", "createWorker needs handlers.");
  }
  const handlers = overrideHandlers(byName(options.handlers), byName(options.override ?? []));
  const leaseMs = atLeast(parseDuration(options.lease ?? defaults.leaseMs, "lease"), 500, "lease");
  const heartbeatMs = parseDuration(
    options.heartbeat ?? Math.min(defaults.heartbeatMs, Math.floor(leaseMs / 6)),
    "heartbeat",
  );
  if (heartbeatMs < 50 || heartbeatMs > leaseMs / 3) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "heartbeat must be at least 50ms and at most a third of the lease.",
    );
  }
  return {
    handlers,
    services: options.services,
    queues: readQueues(options.queues ?? queuesOfEnvironment()),
    concurrency: options.concurrency ?? defaults.processConcurrency,
    leaseMs,
    heartbeatMs,
    drainMs: parseDuration(options.drain ?? defaults.drainMs, "drain"),
    graceMs: parseDuration(options.grace ?? defaults.graceMs, "grace"),
    pollMs: atLeast(parseDuration(options.poll ?? defaults.pollMs, "poll"), 10, "poll"),
    wedgedAfterMs: atLeast(
      parseDuration(options.wedgedAfter ?? defaults.wedgedAfterMs, "wedgedAfter"),
      1_000,
      "wedgedAfter",
    ),
    maxCrashes: options.maxCrashes,
  };
}

function isHandlers(value: unknown): boolean {
  return Array.isArray(value) && value.every((handler) => isHandler(handler));
}

/** True for what `definition.handler(...)` and `batchHandler(...)` make. */
export function isHandler(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "definition" in value &&
    ["run", "runBatch"].some((name) => typeof Reflect.get(value, name) === "function")
  );
}

function byName(handlers: readonly AnyHandler[]): ReadonlyMap<string, AnyHandler> {
  const named = new Map<string, AnyHandler>();
  for (const handler of handlers) {
    const { name } = handler.definition;
    const known = named.get(name);
    if (known !== undefined) {
      throw known.definition === handler.definition
        ? new HoldfastError(
            "DUPLICATE_HANDLER",
            `Two handlers were given for ${JSON.stringify(name)}; give one.`,
          )
        : new HoldfastError(
            "DUPLICATE_DEFINITION",
            `Two definitions are called ${JSON.stringify(name)}; define a job once and import it where it is used.`,
          );
    }
    named.set(name, handler);
  }
  return named;
}

function readQueues(
  given: WorkerOptions<unknown>["queues"],
): ReadonlyMap<string, number> | undefined {
  if (given === undefined) return undefined;
  const queues = new Map<string, number>();
  for (const [name, options] of Object.entries(given)) {
    if (!rule.text.test(name)) {
      throw new HoldfastError("INVALID_OPTION", `A queue's name must be ${rule.text.is}.`);
    }
    checkOptions(`queues.${name}`, options, { concurrency: rule.count });
    queues.set(name, options.concurrency ?? defaults.queueConcurrency);
  }
  return queues;
}

/** What the environment lists; an empty variable is as good as none. */
function queuesOfEnvironment(): WorkerOptions<unknown>["queues"] {
  const list = process.env["HOLDFAST_QUEUES"] ?? "";
  return list.trim() === "" ? undefined : readQueueList(list);
}

function atLeast(ms: number, least: number, option: string): number {
  if (ms >= least) return ms;
  throw new HoldfastError("INVALID_OPTION", `${option} must be at least ${least}ms.`);
}
