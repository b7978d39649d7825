import { checkOptions, isWhole, type OptionRule, rule } from "../core/check-options.ts";
import { pauseSchedule, putSchedule, reconcile, resumeSchedule } from "../core/schedule-change.ts";
import type { OperatorOptions } from "../core/queues-client.ts";
import { checkScheduleName, readApplyOptions } from "../core/schedule-options.ts";
import { readPlan } from "../core/schedule-plan.ts";
import { readRule, type ScheduleTiming, timingRules } from "../core/schedule-rule.ts";
import type { NextTick } from "../core/schedule-ticks.ts";
import type {
  ApplyAnswer,
  ApplyOptions,
  PreviewOptions,
  ScheduleOptions,
  SchedulesClient,
} from "../core/schedules-client.ts";
import { type Schedule, scheduleOf, type ScheduleRecord } from "../core/schedule.ts";
import { ticksOf } from "../cron/rule-ticks.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Auditor } from "./audit.ts";
import { type BuildScheduleParts, buildSchedule, buildSchedules } from "./build-schedule.ts";
import type { Gate } from "./gate.ts";
import { runScheduleNow } from "./run-schedule.ts";
import { updateSchedule } from "./update-schedule.ts";
import { scheduleNotFound, scheduleTaken, untilWritten } from "./write-schedule.ts";

/** What schedules work with. */
export interface SchedulesParts extends BuildScheduleParts {
  readonly storage: Storage;
  readonly gate: Gate;
  readonly audit: Auditor;
}

/** `client.schedules`. */
export function createSchedules(parts: SchedulesParts): SchedulesClient {
  const { storage, clock, gate } = parts;
  return {
    apply: (schedules: unknown, options: ApplyOptions = {}) =>
      gate.pass("client.schedules.apply", () => apply(parts, schedules, options)),
    upsert: (schedule: ScheduleOptions<never>, options: OperatorOptions = {}) =>
      gate.pass("client.schedules.upsert", () => upsert(parts, schedule, options)),
    update: (name, to) =>
      gate.pass("client.schedules.update", async () => {
        const written = await updateSchedule(parts, name, to);
        const { by, ...details } = to;
        await parts.audit({ by, action: "schedules.update", target: `schedule:${name}`, details });
        return scheduleOf(written);
      }),
    get: (name) =>
      gate.pass("client.schedules.get", async () => {
        checkScheduleName("client.schedules.get", name);
        const found = await storage.getSchedule(name);
        return found === undefined ? undefined : scheduleOf(found);
      }),
    list: () =>
      gate.pass("client.schedules.list", async () => {
        return (await storage.listSchedules()).schedules.map(scheduleOf);
      }),
    pause: (name, options = {}) =>
      change(parts, "pause", { name, options }, (record) =>
        pauseSchedule(record, options.by ?? null, clock.now()),
      ),
    resume: (name, options = {}) =>
      change(parts, "resume", { name, options }, (record) =>
        resumeSchedule(record, ticksOfRecord(record), clock.now()),
      ),
    runNow: (name, options = {}) =>
      gate.pass("client.schedules.runNow", async () => {
        checkVerb("client.schedules.runNow", name, options);
        const receipt = await runScheduleNow(parts, name);
        await noteDeed(parts, "runNow", { name, options });
        return receipt;
      }),
    preview: (what, options = {}) =>
      gate.pass("client.schedules.preview", () => preview(parts, what, options)),
    remove: (name, options = {}) => change(parts, "remove", { name, options }, () => null),
  };
}

/** The schedule a verb is about, and who is at it. */
interface Verb {
  readonly name: string;
  readonly options: OperatorOptions;
}

function checkVerb(where: string, name: string, options: OperatorOptions): void {
  checkScheduleName(where, name);
  checkOptions(where, options, { by: rule.note });
}

function noteDeed({ audit }: SchedulesParts, verb: string, { name, options }: Verb): Promise<void> {
  return audit({ by: options.by, action: `schedules.${verb}`, target: `schedule:${name}` });
}

async function apply(
  parts: SchedulesParts,
  schedules: unknown,
  options: ApplyOptions,
): Promise<ApplyAnswer> {
  const where = "client.schedules.apply";
  const { storage, clock } = parts;
  const { group, version } = readApplyOptions(where, options);
  const wanted = await buildSchedules(parts, where, schedules);
  return untilWritten(where, async () => {
    const before = await storage.listSchedules();
    const known = {
      schedules: before.schedules,
      group: before.groups.find(({ name }) => name === group),
    };
    const decided = reconcile(known, { group, version, wanted }, clock.now());
    if (decided.kind === "older") return { outcome: "older", added: [], changed: [], removed: [] };
    if (decided.kind === "taken") throw scheduleTaken(where, decided.by);
    const { changes, group: mark } = decided;
    const nothing = changes.length === 0 && mark === undefined;
    if (!nothing && !(await storage.changeSchedules(changes, mark))) return undefined;
    const named = (which: (change: (typeof changes)[number]) => boolean) =>
      changes.filter(which).map(({ name }) => name);
    return {
      outcome: "applied",
      added: named(({ from }) => from === null),
      changed: named(({ from, to }) => from !== null && to !== null),
      removed: named(({ to }) => to === null),
    };
  });
}

async function upsert(
  parts: SchedulesParts,
  given: ScheduleOptions<never>,
  options: OperatorOptions,
): Promise<Schedule> {
  const where = "client.schedules.upsert";
  const { storage, clock } = parts;
  checkOptions(where, options, { by: rule.note });
  const wanted = await buildSchedule(parts, where, given);
  const written = await untilWritten(where, async () => {
    const from = await storage.getSchedule(wanted.name);
    if (from !== undefined && from.group !== null) throw scheduleTaken(where, from);
    const put = putSchedule(from, wanted, null, clock.now());
    if (put === undefined) return from;
    return (await storage.changeSchedules([put])) ? (put.to ?? undefined) : undefined;
  });
  await noteDeed(parts, "upsert", { name: wanted.name, options });
  return scheduleOf(written);
}

/** Writes what is decided of a schedule, `undefined` for nothing to write and `null` for its removal. */
function change(
  parts: SchedulesParts,
  verb: string,
  { name, options }: Verb,
  decide: (record: ScheduleRecord) => ScheduleRecord | null | undefined,
): Promise<void> {
  const where = `client.schedules.${verb}`;
  const { storage, gate } = parts;
  return gate.pass(where, async () => {
    checkVerb(where, name, options);
    await untilWritten(where, async () => {
      const from = await storage.getSchedule(name);
      if (from === undefined) throw scheduleNotFound(name);
      const to = decide(from);
      return to === undefined || (await storage.changeSchedules([{ name, from, to }])) || undefined;
    });
    await noteDeed(parts, verb, { name, options });
  });
}

const previewRules: Readonly<Record<keyof PreviewOptions, OptionRule>> = {
  count: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  after: {
    is: "a Date or milliseconds since the epoch",
    test: (value) => isWhole(Number(value), -8.64e15, 8.64e15),
  },
};

async function preview(
  { storage, clock }: SchedulesParts,
  what: string | ScheduleTiming,
  options: PreviewOptions,
): Promise<readonly number[]> {
  const where = "client.schedules.preview";
  checkOptions(where, options, previewRules);
  const { count = 10, after } = options;
  const next =
    typeof what === "string" ? await ticksOfNamed(storage, what) : readTicks(where, what);
  const found: number[] = [];
  let tick = next(after === undefined ? clock.now() : Number(after));
  for (; tick !== null && found.length < count; tick = next(tick)) found.push(tick);
  return found;
}

function readTicks(where: string, timing: ScheduleTiming): NextTick {
  checkOptions(where, timing, timingRules);
  return ticksOf(readRule(where, timing));
}

async function ticksOfNamed(storage: Storage, name: string): Promise<NextTick> {
  checkScheduleName("client.schedules.preview", name);
  const found = await storage.getSchedule(name);
  if (found === undefined) throw scheduleNotFound(name);
  return ticksOfRecord(found);
}

function ticksOfRecord({ plan }: ScheduleRecord): NextTick {
  return ticksOf(readPlan(plan).rule);
}
