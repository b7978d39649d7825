import type { ScheduleGroup, ScheduleRecord } from "./schedule.ts";
import { parsePlan } from "./schedule-plan.ts";
import type { NextTick } from "./schedule-ticks.ts";

/** A schedule as it is to be: what is declared of it, as text, and the ticks that follow from it. */
export interface WantedSchedule {
  readonly name: string;
  readonly plan: string;
  readonly next: NextTick;
}

/** One write: what was seen, `null` for nothing, and what is to be, `null` for nothing. */
export interface ScheduleChange {
  readonly name: string;
  readonly from: ScheduleRecord | null;
  readonly to: ScheduleRecord | null;
}

/** The write of a group's own row. */
export interface GroupChange {
  readonly name: string;
  readonly from: ScheduleGroup | null;
  readonly version: number | null;
}

/** What there is before a group's schedules are declared. */
export interface DeclaredBefore {
  readonly schedules: readonly ScheduleRecord[];
  readonly group: ScheduleGroup | undefined;
}

/** What a group declares, and by which deploy. */
export interface Declaration {
  readonly group: string;
  readonly version: number | null;
  readonly wanted: readonly WantedSchedule[];
}

/** What declaring comes to. */
export type Reconciliation =
  /** A newer deploy has declared the group's schedules. */
  | { readonly kind: "older" }
  /** Somebody else has a schedule of this name. */
  | { readonly kind: "taken"; readonly by: ScheduleRecord }
  | {
      readonly kind: "apply";
      readonly changes: readonly ScheduleChange[];
      readonly group: GroupChange | undefined;
    };

/** Decides what has to be written so that a group has the schedules it declares, and no others. */
export function reconcile(
  before: DeclaredBefore,
  { group, version, wanted }: Declaration,
  now: number,
): Reconciliation {
  if (isOlder(version, before.group?.version ?? null)) return { kind: "older" };
  const known = new Map(before.schedules.map((record) => [record.name, record]));
  const by = wanted
    .map(({ name }) => known.get(name))
    .find((record) => record !== undefined && record.group !== group);
  if (by !== undefined) return { kind: "taken", by };
  const names = new Set(wanted.map(({ name }) => name));
  const put = wanted.flatMap((each) => putSchedule(known.get(each.name), each, group, now) ?? []);
  const removed = before.schedules
    .filter((record) => record.group === group && !names.has(record.name))
    .map((from): ScheduleChange => ({ name: from.name, from, to: null }));
  const changes = [...put, ...removed].sort((a, b) => (a.name < b.name ? -1 : 1));
  const same = before.group !== undefined && before.group.version === version;
  const mark = { name: group, from: before.group ?? null, version };
  return { kind: "apply", changes, group: same && changes.length === 0 ? undefined : mark };
}

/** Whoever says of no deploy is older than everyone who does. */
function isOlder(version: number | null, than: number | null): boolean {
  return than !== null && (version === null || version < than);
}

/** The write that gives a schedule its plan; `undefined` when it has it already. What operators did to it stays. */
export function putSchedule(
  from: ScheduleRecord | undefined,
  { name, plan, next }: WantedSchedule,
  group: string | null,
  now: number,
): ScheduleChange | undefined {
  if (from === undefined) {
    return { name, from: null, to: fresh(name, { plan, group, nextAt: next(now), now }) };
  }
  const nextAt = nextOf(from, plan, next, now);
  if (from.plan === plan) {
    return nextAt === from.nextAt
      ? undefined
      : { name, from, to: { ...from, nextAt, dueAt: nextAt } };
  }
  const to = { ...from, plan, nextAt, dueAt: nextAt, failure: null, changedAt: now };
  return { name, from, to };
}

/**
 * The next tick under a plan. One that is due stays so, unless the rule has changed; one that is not is found anew, for what is
 * known of time zones changes too.
 */
function nextOf(
  { plan: old, pausedAt, nextAt, lastAt }: ScheduleRecord,
  plan: string,
  next: NextTick,
  now: number,
): number | null {
  if (pausedAt !== null) return null;
  const due = nextAt !== null && nextAt <= now;
  return due && sameRule(old, plan) ? nextAt : next(Math.max(now, lastAt ?? now));
}

function sameRule(one: string, other: string): boolean {
  return JSON.stringify(parsePlan(one)?.rule) === JSON.stringify(parsePlan(other)?.rule);
}

interface Fresh {
  readonly plan: string;
  readonly group: string | null;
  readonly nextAt: number | null;
  readonly now: number;
}

function fresh(name: string, { plan, group, nextAt, now }: Fresh): ScheduleRecord {
  return {
    name,
    group,
    plan,
    // Never one that a schedule of this name had before it was removed.
    revision: now,
    pausedAt: null,
    pausedBy: null,
    dueAt: nextAt,
    nextAt,
    lastAt: null,
    lastOutcome: null,
    lastJob: null,
    failure: null,
    createdAt: now,
    changedAt: now,
  };
}

/** A schedule that does not tick; `undefined` when it is paused already. */
export function pauseSchedule(
  from: ScheduleRecord,
  by: string | null,
  now: number,
): ScheduleRecord | undefined {
  if (from.pausedAt !== null) return undefined;
  return { ...from, pausedAt: now, pausedBy: by, nextAt: null, dueAt: null };
}

/** A schedule that ticks again from now on, and makes up for nothing; `undefined` when it is not paused. */
export function resumeSchedule(
  from: ScheduleRecord,
  next: NextTick,
  now: number,
): ScheduleRecord | undefined {
  if (from.pausedAt === null) return undefined;
  const nextAt = next(Math.max(now, from.lastAt ?? now));
  return { ...from, pausedAt: null, pausedBy: null, nextAt, dueAt: nextAt, failure: null };
}
