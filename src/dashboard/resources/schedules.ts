import { HoldfastError } from "../../core/errors.ts";
import type { Duration } from "../../core/duration.ts";
import type { Schedule } from "../../core/schedule.ts";
import type { ScheduleUpdate } from "../../core/schedule-update.ts";
import type { Permission } from "../access/permission.ts";
import type { JobRedactor } from "../redact/redactor.ts";
import type { Call, Route } from "../route.ts";
import type {
  ScheduleAnswer,
  SchedulesAnswer,
  Tick,
  TicksAnswer,
  UpdateScheduleBody,
} from "../wire/schedules.ts";
import type { EnqueueAnswer } from "../wire/jobs.ts";
import { limitOf, params, wholeOf } from "./query-params.ts";
import { readPayload } from "./read-payload.ts";
import { refuseHidden } from "./refuse-hidden.ts";
import {
  payloadText,
  payloadTexts,
  scheduleHistory,
  scheduleRow,
  shownSchedule,
} from "./schedule-row.ts";
import { markedTicks } from "./schedule-ticks.ts";
import { withShownRefusal } from "./shown-refusal.ts";

const bars = 15;
/** Schedules whose bars are looked up for the table; a table is for looking over, and each costs a search. */
const withBars = 40;
const moreBars = 50;
/** No calendar is asked beyond it. */
const lastMoment = Date.UTC(9999, 11, 31);

/** Schedules and their ticks. */
export const scheduleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/schedules",
    permission: "read",
    summary: "Every schedule, by name.",
    answer: "Schedules",
    handle: everySchedule,
  },
  {
    method: "GET",
    path: "/api/schedules/:name",
    permission: "read",
    summary: "One schedule, with its next ten ticks.",
    answer: "Schedule",
    handle: oneSchedule,
  },
  {
    method: "GET",
    path: "/api/schedules/:name/ticks",
    permission: "read",
    summary: "The ticks of a schedule after a moment.",
    query: {
      limit: params.limit,
      after: {
        type: "integer",
        minimum: 0,
        maximum: lastMoment,
        description: "Milliseconds since the epoch; now without it.",
      },
    },
    answer: "Ticks",
    async handle(call): Promise<TicksAnswer> {
      const schedule = await knownSchedule(call);
      return { ticks: await ticksOf(call, schedule, limitOf(call.query, 10)) };
    },
  },
  action("pause", "schedules:pause", "Lets no tick fire until it is resumed.", (call, name, by) =>
    call.client.schedules.pause(name, by),
  ),
  action("resume", "schedules:pause", "Goes on with the next tick from now.", (call, name, by) =>
    call.client.schedules.resume(name, by),
  ),
  action(
    "remove",
    "schedules:update",
    "Removes a schedule; jobs already made are untouched.",
    (call, name, by) => call.client.schedules.remove(name, by),
  ),
  {
    method: "POST",
    path: "/api/schedules/:name/run-now",
    permission: "schedules:run",
    summary: "Makes the job of a schedule now, besides its ticks.",
    answer: "Enqueued",
    handle: (call): Promise<EnqueueAnswer> =>
      actOnSchedule(call, async ({ client, visitor }, name) => {
        const { id } = await client.schedules.runNow(name, { by: visitor.actor });
        return { id };
      }),
  },
  {
    method: "POST",
    path: "/api/schedules/:name/update",
    permission: "schedules:update",
    summary: "Changes a schedule that was made by hand; what is left out stays.",
    body: {
      type: "object",
      additionalProperties: false,
      properties: {
        cron: { type: "string", maxLength: 255 },
        timeZone: { type: "string", maxLength: 255 },
        every: { type: "string", maxLength: 20, description: "Such as 15m." },
        payload: { type: "string", description: "JSON text." },
        missed: { type: "string", enum: ["skip", "once", "all"] },
        overlap: { type: "string", enum: ["allow", "skip"] },
      },
    },
    answer: "Done",
    handle: (call) => actOnSchedule(call, update),
  },
];

function action(
  verb: "pause" | "resume" | "remove",
  permission: Permission,
  summary: string,
  act: (call: Call, name: string, options: { readonly by: string }) => Promise<void>,
): Route {
  return {
    method: "POST",
    path: `/api/schedules/:name/${verb}`,
    permission,
    summary,
    answer: "Done",
    handle: (call) =>
      actOnSchedule(call, async ({ visitor }, name) => {
        await act(call, name, { by: visitor.actor });
        return {};
      }),
  };
}

/** Does something to the schedule that the path names; what it is refused with tells nobody what is hidden from them. */
async function actOnSchedule<Answer>(
  call: Call,
  act: (call: Call, name: string, shown: JobRedactor | undefined) => Promise<Answer>,
): Promise<Answer> {
  const { client, redactor } = call;
  const { name = "" } = call.params;
  const shown = redactor.active
    ? shownSchedule(redactor, await knownSchedule(call), await payloadText(client, name))
    : undefined;
  return withShownRefusal(shown, () => act(call, name, shown));
}

async function everySchedule({ client, redactor }: Call): Promise<SchedulesAnswer> {
  const schedules = await client.schedules.list();
  const texts = redactor.active ? await payloadTexts(client) : undefined;
  const rows = await Promise.all(
    schedules.map(async (schedule, index) => {
      const shown = shownSchedule(redactor, schedule, texts?.get(schedule.name));
      const history = index < withBars ? await scheduleHistory(client, schedule, bars) : [];
      return scheduleRow(schedule, { shown, redactor }, history);
    }),
  );
  return { schedules: rows, now: client.clock.now() };
}

async function oneSchedule(call: Call): Promise<ScheduleAnswer> {
  const { client, redactor } = call;
  const schedule = await knownSchedule(call);
  const [payload, history, ticks] = await Promise.all([
    payloadText(client, schedule.name),
    scheduleHistory(client, schedule, moreBars),
    ticksOf(call, schedule, 10),
  ]);
  const shown = shownSchedule(redactor, schedule, payload);
  const row = scheduleRow(schedule, { shown, redactor }, history);
  return { schedule: row, ticks, now: client.clock.now() };
}

async function knownSchedule({ client, params: { name = "" } }: Call): Promise<Schedule> {
  const schedule = await client.schedules.get(name);
  if (schedule !== undefined) return schedule;
  throw new HoldfastError(
    "SCHEDULE_NOT_FOUND",
    `There is no schedule ${JSON.stringify(name.slice(0, 80))}. It may have been removed.`,
  );
}

/** Of one whose rule cannot be read any more there are none to tell. */
async function ticksOf(
  { client, query }: Call,
  { name, timeZone, job }: Schedule,
  count: number,
): Promise<readonly Tick[]> {
  if (job === null) return [];
  const after = wholeOf(query, "after") ?? client.clock.now();
  return markedTicks(await client.schedules.preview(name, { count, after }), timeZone, after);
}

async function update(
  { client, visitor, body }: Call,
  name: string,
  shown: JobRedactor | undefined,
): Promise<object> {
  const { payload, every, ...others } = body as UpdateScheduleBody;
  if (payload !== undefined) refuseHidden(shown && { shown });
  const change: ScheduleUpdate = {
    ...others,
    by: visitor.actor,
    ...(every === undefined ? {} : { every: every as Duration }),
    ...(payload === undefined ? {} : { payload: readPayload(payload) }),
  };
  await client.schedules.update(name, change);
  return {};
}
