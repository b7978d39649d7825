import { audit } from "./en/audit.ts";
import { charts } from "./en/charts.ts";
import { health } from "./en/health.ts";
import { job } from "./en/job.ts";
import { filter, jobs } from "./en/jobs.ts";
import { limits } from "./en/limits.ts";
import { operations } from "./en/operations.ts";
import { overview } from "./en/overview.ts";
import { queues } from "./en/queues.ts";
import { reasons } from "./en/reasons.ts";
import { schedules } from "./en/schedules.ts";
import { settings } from "./en/settings.ts";
import { workers } from "./en/workers.ts";
import { keys, palette, shell } from "./en/shell.ts";
import { chart, json, states, words } from "./en/words.ts";

/** Everything the dashboard says, in English: the shape every other language has to fill. */
export const en = {
  shell,
  palette,
  keys,
  states,
  words,
  json,
  chart,
  audit,
  filter,
  charts,
  health,
  job,
  jobs,
  limits,
  operations,
  overview,
  queues,
  reasons,
  schedules,
  settings,
  workers,
};
