import { checkOptions, kindOf, rule } from "../core/check-options.ts";
import type { JobHandles, WaitOptions } from "../core/client.ts";
import { parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobId } from "../core/job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { tellCall } from "../service/call-telemetry.ts";
import type { JobEnd } from "../storage/contract/inspect.ts";
import type { Gate } from "./gate.ts";
import { endedOtherwise, readEnd } from "./job-handle.ts";
import { checkId, isPossibleId } from "./job-id.ts";
import type { Waiter } from "./waiter.ts";

/** What handles ask. */
export interface HandlesParts {
  readonly gate: Gate;
  readonly waiter: Waiter;
  readonly telemetry: Telemetry | undefined;
}

/**
 * Many jobs, to wait for together.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what is no list of ids.
 */
export function createHandles<Results extends readonly unknown[]>(
  { gate, waiter, telemetry }: HandlesParts,
  given: readonly JobId[],
): JobHandles<Results> {
  const ids = checkIds(given);

  async function wait<Value>(
    call: string,
    options: WaitOptions,
    read: (end: JobEnd) => Value,
  ): Promise<Value[]> {
    gate.check(call);
    checkOptions(call, options, { timeout: rule.any });
    const timeoutMs = parseDuration(options.timeout, `${call}: timeout`);
    for (const id of ids) checkId(id, call);
    if (ids.length === 0) return [];
    return tellCall(telemetry, "wait", { jobs: ids }, () => waiter.waitAll(ids, timeoutMs, read));
  }

  const handles: JobHandles = {
    ids,
    all: (options) => wait("handles.all", options, resultOf),
    finished: (options) => wait("handles.finished", options, readEnd<unknown>),
  };
  return handles as JobHandles<Results>;
}

function checkIds(given: readonly JobId[]): readonly JobId[] {
  if (!Array.isArray(given)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `client.handles takes an array of job ids, as enqueue gave them; got ${kindOf(given)}.`,
    );
  }
  for (const id of given) isPossibleId(id, "client.handles");
  return [...(given as readonly JobId[])];
}

function resultOf(end: JobEnd): unknown {
  const finished = readEnd(end);
  if (finished.state === "completed") return finished.result;
  throw endedOtherwise(end.id, finished);
}
