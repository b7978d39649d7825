import type { Client } from "../../core/client.ts";
import { parsePlan } from "../../core/schedule-plan.ts";
import type { Schedule } from "../../core/schedule.ts";
import { engineOf } from "../../service/engine.ts";
import type { JobRedactor, Redactor } from "../redact/redactor.ts";
import type { ScheduleRow } from "../wire/schedules.ts";
import { jobBar } from "./job-answer.ts";

/** Jobs looked at for the bars of one schedule. */
const searchAtMost = 2_000;

/** A schedule as its reader may see it. `payload` is the exact text of its payload. */
export function scheduleRow(
  { job, failure, ...schedule }: Schedule,
  { shown, redactor }: { readonly shown: JobRedactor; readonly redactor: Redactor },
  history: ScheduleRow["history"],
): ScheduleRow {
  const said = (message: string) =>
    job === null ? redactor.anyText(message) : shown.text(message);
  return {
    ...schedule,
    job:
      job === null
        ? null
        : {
            ...job,
            payload: shown.json("payload") ?? "null",
            tags: job.tags.map((tag) => shown.text(tag)),
          },
    failure: failure === null ? null : { ...failure, message: said(failure.message) },
    history,
  };
}

/** What a reader may see of the jobs a schedule makes; without the text of their payload its long integers are rounded. */
export function shownSchedule(
  redactor: Redactor,
  { job }: Schedule,
  payload: string | undefined,
): JobRedactor {
  const nothing = { result: null, checkpoint: null, progress: null };
  const text = payload ?? JSON.stringify(job?.payload ?? null);
  return redactor.of({ name: job?.name ?? "", payload: text, ...nothing });
}

/** The payload of a schedule's jobs as it is stored: in values integers of more digits than numbers have are rounded. */
export async function payloadText(client: Client, name: string): Promise<string | undefined> {
  const record = await engineOf(client).storage.getSchedule(name);
  return record === undefined ? undefined : parsePlan(record.plan)?.job.payload;
}

/** The same of every schedule, by name. */
export async function payloadTexts(client: Client): Promise<ReadonlyMap<string, string>> {
  const { schedules } = await engineOf(client).storage.listSchedules();
  const texts = schedules.flatMap(({ name, plan }) => {
    const payload = parsePlan(plan)?.job.payload;
    return payload === undefined ? [] : [[name, payload] as const];
  });
  return new Map(texts);
}

/** The newest jobs of a schedule as bars, oldest first; few of them where they are far between. */
export async function scheduleHistory(
  client: Client,
  { name }: Schedule,
  limit: number,
): Promise<ScheduleRow["history"]> {
  const { jobs } = await client.jobs.list({
    tag: `schedule:${name}`,
    limit,
    searchAtMost,
    valuesUpTo: 0,
  });
  return jobs.toReversed().map((job) => {
    const { id, ...bar } = jobBar(job);
    return { job: id, ...bar };
  });
}
