import { defaultRetryPolicy } from "../../src/core/defaults.ts";
import type { ScheduleRecord } from "../../src/core/schedule.ts";
import { planFormat, type SchedulePlan } from "../../src/core/schedule-plan.ts";

/** What is declared of a schedule of every ten minutes, but for what is given. */
export function plan(given: Partial<SchedulePlan> = {}): SchedulePlan {
  return {
    format: planFormat,
    rule: { everyMs: 600_000, anchor: 0 },
    job: {
      name: "work",
      version: 1,
      queue: "default",
      priority: 5,
      payload: '{"n":1}',
      policy: defaultRetryPolicy,
      tags: ["mail"],
      unique: null,
      gates: [],
    },
    missed: "once",
    maxMissed: 100,
    overlap: "allow",
    ...given,
  };
}

/** A schedule called `digest` that has never ticked, but for what is given. */
export function record(
  given: Partial<ScheduleRecord> = {},
  planned: Partial<SchedulePlan> = {},
): ScheduleRecord {
  return {
    name: "digest",
    group: null,
    plan: JSON.stringify(plan(planned)),
    revision: 1,
    pausedAt: null,
    pausedBy: null,
    dueAt: null,
    nextAt: null,
    lastAt: null,
    lastOutcome: null,
    lastJob: null,
    failure: null,
    createdAt: 0,
    changedAt: 0,
    ...given,
  };
}
