import type { Command } from "commander";
import type { JobFilter } from "../../core/job-filter.ts";
import { type JobState, jobStates } from "../../core/job.ts";
import { type Duration, parseDuration } from "../../core/duration.ts";
import { wrongUsage } from "../exit-codes.ts";
import { momentForms, parseMoment } from "../../core/moment.ts";
import { once } from "../option-values.ts";

/** Conditions as the command line gives them. */
export interface FilterOptions {
  readonly state?: string;
  readonly queue?: string;
  readonly name?: string;
  readonly tag?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly finishedAfter?: string;
  readonly finishedBefore?: string;
  readonly waitingLongerThan?: string;
  readonly payload?: readonly string[];
  readonly error?: string;
}

const moment = "a date, or a time ago such as 2h";

/** Gives a command the options that say which jobs. */
export function addFilterOptions(command: Command): Command {
  return command
    .option("--state <states>", `one or more of ${jobStates.join(",")}`, join)
    .option("--queue <name>", "in this queue; * stands for any text", once)
    .option("--name <name>", "of this definition; * stands for any text", once)
    .option("--tag <tag>", "with this tag", once)
    .option("--created-after <when>", `enqueued then or later: ${moment}`, once)
    .option("--created-before <when>", "enqueued before then", once)
    .option("--finished-after <when>", "finished then or later", once)
    .option("--finished-before <when>", "finished before then", once)
    .option("--waiting-longer-than <duration>", "due for longer than this, such as 10m", once)
    .option(
      "--payload <path=value>",
      "with this value in the payload; more than once if need be",
      collect,
    )
    .option("--error <text>", "with this in the newest error or the reason it ended for", once);
}

function join(states: string, before?: string): string {
  return before === undefined ? states : `${before},${states}`;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** True when options name a condition. */
export function hasFilter(options: FilterOptions): boolean {
  return Object.values(readFilterOptions(options, 0)).length > 0;
}

/**
 * The filter that options say; whatever else a filter must be is checked by whoever takes it.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readFilterOptions(options: FilterOptions, now: number): JobFilter {
  const { state, queue, name, tag, waitingLongerThan, payload, error } = options;
  const given = {
    state: state?.split(",").map((each) => each.trim() as JobState),
    queue,
    name,
    tag,
    createdAfter: readMoment("--created-after", options.createdAfter, now),
    createdBefore: readMoment("--created-before", options.createdBefore, now),
    finishedAfter: readMoment("--finished-after", options.finishedAfter, now),
    finishedBefore: readMoment("--finished-before", options.finishedBefore, now),
    // It is read as any text is.
    waitingLongerThan: waitingLongerThan as Duration | undefined,
    payload: payload === undefined ? undefined : readPayload(payload),
    error,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function readMoment(option: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?(ms|s|m|h|d|w)$/.test(text)) return now - parseDuration(text, option);
  const at = parseMoment(text);
  if (at !== undefined) return at;
  throw wrongUsage(
    `${option} must be ${moment}; got ${JSON.stringify(text)}. Write 2h, ${momentForms}.`,
  );
}

type PayloadFilter = NonNullable<JobFilter["payload"]>;

function readPayload(conditions: readonly string[]): PayloadFilter {
  const entries = conditions.map((condition) => readCondition(condition));
  const paths = entries.map(([path]) => path);
  const twice = paths.find((path, nth) => paths.indexOf(path) !== nth);
  if (twice !== undefined) {
    throw wrongUsage(`--payload names ${twice} twice; a job's payload has one value there.`);
  }
  return Object.fromEntries(entries);
}

function readCondition(condition: string): readonly [path: string, value: Scalar] {
  const at = condition.indexOf("=");
  if (at <= 0) {
    throw wrongUsage(
      `--payload must be path=value, such as customer.id=7; got ${JSON.stringify(condition)}.`,
    );
  }
  return [condition.slice(0, at), readScalar(condition.slice(at + 1))];
}

type Scalar = string | number | boolean | null;

/** Numbers, true, false and null are themselves; text may be quoted, so that "7" is text. */
function readScalar(text: string): Scalar {
  if (/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null|".*")$/.test(text)) {
    try {
      return JSON.parse(text) as Scalar;
    } catch {
      return text;
    }
  }
  return text;
}
