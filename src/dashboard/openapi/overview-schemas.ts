import type { JobState } from "../../core/job.ts";
import { jobStates } from "../../core/job.ts";
import type { Attention, OverviewAnswer, QueueCard } from "../wire/overview.ts";
import type { Counted } from "../wire/jobs.ts";
import { counted } from "./job-schemas.ts";
import {
  flag,
  list,
  moment,
  nullable,
  numeric,
  type SchemaOf,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

const someStates = shape(
  Object.fromEntries(jobStates.map((state) => [state, counted])) as Record<
    JobState,
    SchemaOf<Counted>
  >,
);

/** What is answered for the first page. */
export const overviewSchemas = {
  Overview: shape<OverviewAnswer>({
    attention: list(
      shape<Attention>({
        kind: words(
          "queue-unserved",
          "queue-paused",
          "queue-cooling",
          "schedule-failing",
          "schedule-overdue",
          "jobs-rescued",
          "jobs-discarded",
          "worker-silent",
          "worker-version",
          "limit-undeclared",
          "doctor",
        ),
        severity: words("problem", "warning", "note"),
        subject: text,
        count: nullable(whole),
        text,
        link: text,
      }),
    ),
    tiles: shape({
      completed: whole,
      failed: whole,
      retried: whole,
      waiting: counted,
      oldestWaitingMs: nullable(numeric),
      busy: whole,
      places: whole,
    }),
    queues: list(
      shape<QueueCard>({
        name: text,
        // States nobody is in may be left out.
        states: { ...someStates, required: [] },
        failed: whole,
        paused: flag,
        closedUntil: nullable(moment),
        unserved: flag,
      }),
    ),
    deploys: list(shape({ at: moment, version: text })),
    now: moment,
  }),
} as const;
