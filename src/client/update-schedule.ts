import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { plainValue } from "../core/json-text.ts";
import type { Registry } from "../core/registry.ts";
import { putSchedule } from "../core/schedule-change.ts";
import { checkScheduleName } from "../core/schedule-options.ts";
import { readPlan, type SchedulePlan } from "../core/schedule-plan.ts";
import { type ScheduleUpdate, updatePlan } from "../core/schedule-update.ts";
import type { ScheduleRecord } from "../core/schedule.ts";
import { validate } from "../core/validate.ts";
import { ticksOf } from "../cron/rule-ticks.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { scheduleNotFound, scheduleTaken, untilWritten } from "./write-schedule.ts";

/** What an update works with. */
export interface UpdateScheduleParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly registry: Registry;
}

/** `client.schedules.update`, without its audit. */
export async function updateSchedule(
  { storage, clock, registry }: UpdateScheduleParts,
  name: string,
  change: ScheduleUpdate,
): Promise<ScheduleRecord> {
  const where = "client.schedules.update";
  checkScheduleName(where, name);
  return untilWritten(where, async () => {
    const from = await storage.getSchedule(name);
    if (from === undefined) throw scheduleNotFound(name);
    if (from.group !== null) throw scheduleTaken(where, from);
    const plan = await checkedPlan(
      registry,
      updatePlan(where, readPlan(from.plan), change),
      change,
    );
    const next = ticksOf(plan.rule);
    if (next(clock.now()) === null) throw endless(where);
    const put = putSchedule(from, { name, plan: JSON.stringify(plan), next }, null, clock.now());
    if (put === undefined) return from;
    return (await storage.changeSchedules([put])) ? (put.to ?? undefined) : undefined;
  });
}

/** A new payload is checked as an enqueue of today's code would, and is of its version. */
async function checkedPlan(
  registry: Registry,
  plan: SchedulePlan,
  { payload }: ScheduleUpdate,
): Promise<SchedulePlan> {
  const definition = registry.find(plan.job.name);
  if (payload === undefined || definition === undefined) return plan;
  const called = `payload of ${plan.job.name}`;
  await validate(definition.payload, plainValue(payload), called, "PAYLOAD_INVALID");
  return { ...plan, job: { ...plan.job, version: definition.version } };
}

function endless(where: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `${where}: it would never tick again; pause or remove it instead.`,
  );
}
