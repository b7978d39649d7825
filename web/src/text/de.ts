import { audit } from "./de/audit.ts";
import { charts } from "./de/charts.ts";
import { health } from "./de/health.ts";
import { job } from "./de/job.ts";
import { filter, jobs } from "./de/jobs.ts";
import { limits } from "./de/limits.ts";
import { operations } from "./de/operations.ts";
import { overview } from "./de/overview.ts";
import { queues } from "./de/queues.ts";
import { reasons } from "./de/reasons.ts";
import { schedules } from "./de/schedules.ts";
import { settings } from "./de/settings.ts";
import { workers } from "./de/workers.ts";
import { keys, palette, shell } from "./de/shell.ts";
import { chart, json, states, words } from "./de/words.ts";
import type { Catalogue } from "./catalogue.ts";

/** Everything the dashboard says, in German. */
export const de: Catalogue = {
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
