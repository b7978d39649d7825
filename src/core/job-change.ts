import { checkOptions, type OptionRule, rule } from "./check-options.ts";
import { parseDuration, type Duration } from "./duration.ts";
import { isMoment, jobSettingRules, momentOf } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import type { OperatorOptions } from "./queues-client.ts";

/** What to change of a job that waits; what is left out stays. */
export interface JobChange extends OperatorOptions {
  /** 0 to 9, lower runs first. The job goes to the end of its new priority. */
  readonly priority?: number;
  /** The job goes to the end of the new queue. */
  readonly queue?: string;
  /** Run no sooner than this from now. Not together with `runAt`. */
  readonly delay?: Duration;
  /** Run no sooner than this moment; a past one means now. */
  readonly runAt?: Date | number;
  /**
   * Replaces the payload; checked by the job's definition if this client knows it. Its unique key, lane and limits stay those it was
   * enqueued with.
   */
  readonly payload?: unknown;
  /** Replaces the tags, at most 32. */
  readonly tags?: readonly string[];
}

/** The same, checked, but for the payload. Times are milliseconds since the epoch. */
export interface JobRewrite {
  readonly priority?: number;
  readonly queue?: string;
  /** A moment not after now means at once. */
  readonly runAt?: number;
  /** JSON text, and the version of the payload it is when that is known. */
  readonly payload?: { readonly json: string; readonly version?: number };
  readonly tags?: readonly string[];
}

const rules: Readonly<Record<keyof JobChange, OptionRule>> = {
  ...jobSettingRules,
  delay: rule.any,
  runAt: { is: "a Date or milliseconds since the epoch", test: isMoment },
  payload: rule.any,
  by: rule.note,
};

/**
 * Checks a change, all but its payload.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, also for one that changes nothing.
 */
export function readJobChange(
  call: string,
  change: JobChange,
  now: number,
): Omit<JobRewrite, "payload"> {
  checkOptions(call, change, rules);
  const { priority, queue, tags, delay, runAt } = change;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  if (given.every(([name]) => name === "by")) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${call} was given nothing to change; give one or more of ${Object.keys(rules).join(", ")}.`,
    );
  }
  if (delay !== undefined && runAt !== undefined) {
    throw new HoldfastError("INVALID_OPTION", `${call} takes delay or runAt, not both.`);
  }
  const due = delay === undefined ? undefined : now + parseDuration(delay, `${call}: delay`);
  const at = runAt === undefined ? due : momentOf(runAt);
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(queue === undefined ? {} : { queue }),
    ...(tags === undefined ? {} : { tags }),
    ...(at === undefined ? {} : { runAt: at }),
  };
}
