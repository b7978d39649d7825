import { checkOptions, type OptionRule, oneOf, rule } from "./check-options.ts";
import { jobSettingRules } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import { type JobConditions, type JobFilter, readFilter, waitingStates } from "./job-filter.ts";
import { type JobState, jobStates } from "./job.ts";

/** What can be done to many jobs at once. */
export type BulkAction = "retry" | "cancel" | "runNow" | "delete" | "move" | "changePriority";

/** All actions, as they are named. */
const bulkActions: readonly BulkAction[] = [
  "retry",
  "cancel",
  "runNow",
  "delete",
  "move",
  "changePriority",
];

/** What to do, to which jobs. */
export interface BulkRequest {
  readonly action: BulkAction;
  /** Which jobs; of these the action is for those in a state it can be done in. `{}` is every job. */
  readonly filter: JobFilter;
  /** Who asks for it: kept with the operation and in the audit. */
  readonly by?: string;
  /** `cancel`: why, shown to the handler and kept with the job. */
  readonly why?: string;
  /** `move`: the queue to move to. */
  readonly queue?: string;
  /** `changePriority`: the new priority, 0 to 9. */
  readonly priority?: number;
}

/** Where an operation stands; the last two are final. */
export type OperationState = "running" | "completed" | "cancelled";

/** A bulk operation and how far it has got. Times are milliseconds since the epoch. */
export interface Operation {
  readonly id: string;
  readonly action: BulkAction;
  /** As it was asked for. */
  readonly filter: JobFilter;
  readonly by: string | null;
  readonly why: string | null;
  readonly queue: string | null;
  readonly priority: number | null;
  readonly state: OperationState;
  /** Jobs that matched when they were counted, which is before anything is done; exactly, unless `atLeast`. */
  readonly matched: number;
  /** True while they are being counted, and when it was stopped then: there may be more. */
  readonly atLeast: boolean;
  /** Jobs it was done to. */
  readonly done: number;
  /** Jobs it was no longer to be done to: claimed or finished meanwhile, or their unique key is held by another job. */
  readonly skipped: number;
  /** Jobs it could not be done to; `error` says why of the last. */
  readonly failed: number;
  readonly error: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** An operation as it is to be stored. */
export interface NewOperation
  extends Pick<
    Operation,
    "action" | "filter" | "by" | "why" | "queue" | "priority" | "matched" | "createdAt"
  > {
  readonly conditions: JobConditions;
  /** The id up to which its jobs have been counted; `null` when all have. */
  readonly counted: string | null;
}

/** What an action can be done to. A running job that is cancelled is asked to stop. */
const actsOn: Readonly<Record<BulkAction, readonly JobState[]>> = {
  retry: ["cancelled", "discarded"],
  cancel: [...waitingStates, "running"],
  runNow: ["scheduled", "retryable"],
  delete: jobStates.filter((state) => state !== "running"),
  move: waitingStates,
  changePriority: waitingStates,
};

const rules: Readonly<Record<keyof BulkRequest, OptionRule>> = {
  action: oneOf(...bulkActions),
  filter: rule.object,
  by: rule.note,
  why: rule.note,
  queue: rule.text,
  priority: jobSettingRules.priority,
};

/** Which setting belongs to which action. */
const settings = { why: "cancel", queue: "move", priority: "changePriority" } as const;

/**
 * Checks what is asked for, and gives it with the jobs it is about.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readBulkRequest(
  call: string,
  request: BulkRequest,
  now: number,
): Omit<NewOperation, "matched" | "counted"> {
  checkOptions(call, request, rules);
  const { action, filter, by = null, why = null, queue = null, priority = null } = request;
  if (action === undefined) throw invalid(call, `takes an action: ${bulkActions.join(", ")}.`);
  if (filter === undefined) throw invalid(call, "takes a filter; {} is every job.");
  for (const [setting, owner] of Object.entries(settings)) {
    const given = Reflect.get(request, setting) !== undefined;
    if (given && action !== owner) {
      throw invalid(call, `takes ${setting} with the action ${owner} only; got ${action}.`);
    }
    if (!given && action === owner && setting !== "why") {
      throw invalid(call, `needs ${setting} for the action ${owner}.`);
    }
  }
  const conditions = readFilter(call, filter, now);
  const { states = jobStates } = conditions;
  const possible = states.filter((state) => actsOn[action].includes(state));
  const asked = { action, filter: plainFilter(filter), by, why, queue, priority };
  return { ...asked, conditions: { ...conditions, states: possible }, createdAt: now };
}

/** Moments as milliseconds, so that it is the same as text. */
function plainFilter(filter: JobFilter): JobFilter {
  const entries = Object.entries(filter).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, value instanceof Date ? value.getTime() : value]],
  );
  return Object.fromEntries(entries) as JobFilter;
}

function invalid(call: string, what: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `${call} ${what}`);
}
