import type { ScheduleFailure } from "../../core/schedule.ts";
import type {
  ScheduleAnswer,
  ScheduleRow,
  SchedulesAnswer,
  Tick,
  TicksAnswer,
} from "../wire/schedules.ts";
import { jobState } from "./job-schemas.ts";
import {
  flag,
  jsonText,
  list,
  moment,
  nullable,
  numeric,
  ref,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

const scheduleRow = ref<ScheduleRow>("ScheduleRow");
const tick = ref<Tick>("Tick");

/** What is answered about schedules. */
export const scheduleSchemas = {
  Tick: shape<Tick>({ at: moment, offsetMinutes: nullable(whole), clockChange: flag }),
  ScheduleRow: shape<ScheduleRow>({
    name: text,
    group: nullable(text),
    state: words("active", "failing", "paused", "ended"),
    cron: nullable(text),
    timeZone: nullable(text),
    every: nullable(text),
    anchor: nullable(moment),
    job: nullable(
      shape({ name: text, payload: jsonText, queue: text, priority: whole, tags: list(text) }),
    ),
    missed: words("skip", "once", "all"),
    maxMissed: whole,
    overlap: words("allow", "skip"),
    pausedAt: nullable(moment),
    pausedBy: nullable(text),
    nextAt: nullable(moment),
    lastAt: nullable(moment),
    lastOutcome: nullable(words("enqueued", "existing", "replaced", "overlap", "missed")),
    lastJob: nullable(text),
    failure: nullable(
      shape<ScheduleFailure>({ code: text, message: text, at: moment, tries: whole }),
    ),
    createdAt: moment,
    changedAt: moment,
    history: list(shape({ job: text, state: jobState, at: moment, ranMs: nullable(numeric) })),
  }),
  Schedules: shape<SchedulesAnswer>({ schedules: list(scheduleRow), now: moment }),
  Schedule: shape<ScheduleAnswer>({ schedule: scheduleRow, ticks: list(tick), now: moment }),
  Ticks: shape<TicksAnswer>({ ticks: list(tick) }),
} as const;
