/** One tick of a schedule, as the job it made sees it. */
export interface Tick {
  /** The schedule's name. */
  readonly schedule: string;
  /** The moment the schedule names, in milliseconds since the epoch; the job may run later. */
  readonly at: number;
  /** How long after that moment the job was made. */
  readonly latenessMs: number;
}

const schedulePrefix = "schedule:";
const tickPrefix = "tick:";

/** Whose tags they are: only schedules give them to jobs. */
export function isReservedTag(tag: unknown): boolean {
  return typeof tag === "string" && (tag.startsWith(schedulePrefix) || tag.startsWith(tickPrefix));
}

/** The tags of the job of a tick, by which it is found again. */
export function tickTags(schedule: string, at: number): readonly string[] {
  return [schedulePrefix + schedule, tickPrefix + new Date(at).toISOString()];
}

/** The tick a job was made by; `undefined` for a job no schedule made. */
export function tickOf(tags: readonly string[], createdAt: number): Tick | undefined {
  if (tags.length < 2) return undefined;
  const schedule = tags.find((tag) => tag.startsWith(schedulePrefix));
  const tick = tags.find((tag) => tag.startsWith(tickPrefix));
  if (schedule === undefined || tick === undefined) return undefined;
  const at = Date.parse(tick.slice(tickPrefix.length));
  return { schedule: schedule.slice(schedulePrefix.length), at, latenessMs: createdAt - at };
}
