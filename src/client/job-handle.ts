import { checkOptions, rule } from "../core/check-options.ts";
import type { FinishedJob, JobHandle, WaitOptions } from "../core/client.ts";
import { parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Job, JobId } from "../core/job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { tellCall } from "../service/call-telemetry.ts";
import type { InspectStore, JobEnd } from "../storage/contract/inspect.ts";
import type { Gate } from "./gate.ts";
import { checkId, isPossibleId } from "./job-id.ts";
import type { Waiter } from "./waiter.ts";

/** What a handle asks. */
export interface HandleParts {
  readonly storage: Pick<InspectStore, "getJob">;
  readonly gate: Gate;
  readonly waiter: Waiter;
  readonly telemetry: Telemetry | undefined;
}

/**
 * One job, to look at or wait for.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what is no id.
 */
export function createHandle<Result>(parts: HandleParts, id: JobId<Result>): JobHandle<Result> {
  const { storage, gate, waiter, telemetry } = parts;
  const subject = { jobs: [id] };
  const possible = isPossibleId(id, "client.handle");

  async function end(call: string, options: WaitOptions): Promise<JobEnd> {
    gate.check(call);
    checkOptions(call, options, { timeout: rule.any });
    const timeoutMs = parseDuration(options.timeout, `${call}: timeout`);
    checkId(id, call);
    return tellCall(telemetry, "wait", subject, () => waiter.wait(id, timeoutMs));
  }

  return {
    id,
    get: () =>
      gate.pass("handle.get", async () => {
        if (!possible) return undefined;
        const get = () => storage.getJob(id) as Promise<Job<Result> | undefined>;
        return tellCall(telemetry, "get", subject, get);
      }),
    async result(options) {
      const finished = readEnd<Result>(await end("handle.result", options));
      // A job without a result gives what its handler gave: nothing.
      if (finished.state === "completed") return finished.result as Result;
      throw endedOtherwise(id, finished);
    },
    async finished(options) {
      return readEnd<Result>(await end("handle.finished", options));
    },
  };
}

/** How a job ended, its result read from JSON. */
export function readEnd<Result>({ state, result, reason }: JobEnd): FinishedJob<Result> {
  const value = result === null ? undefined : (JSON.parse(result) as Result);
  return { state, result: value, reason };
}

/** The error for a job that was waited for and did not complete. */
export function endedOtherwise(id: string, { state, reason }: FinishedJob): HoldfastError {
  const code = state === "cancelled" ? "JOB_CANCELLED" : "JOB_DISCARDED";
  const why = reason === null ? "" : `: ${reason.message}`;
  return new HoldfastError(code, `Job ${id} was ${state}${why}`, { details: { id, reason } });
}
