import { liveRoutes } from "./live/events.ts";
import { auditRoutes } from "./resources/audit.ts";
import { jobActionRoutes } from "./resources/job-actions.ts";
import { jobValueRoutes } from "./resources/job-values.ts";
import { jobRoutes } from "./resources/jobs.ts";
import { limitRoutes } from "./resources/limits.ts";
import { healthRoutes } from "./resources/health.ts";
import { overviewRoutes } from "./resources/overview.ts";
import { openapiRoutes } from "./resources/openapi.ts";
import { operationRoutes } from "./resources/operations.ts";
import { queueRoutes } from "./resources/queues.ts";
import { scheduleRoutes } from "./resources/schedules.ts";
import { sessionRoutes } from "./resources/session.ts";
import { statRoutes } from "./resources/stats.ts";
import { workerRoutes } from "./resources/workers.ts";
import type { Route } from "./route.ts";

/** Every route of the API; each resource has a file of its own. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...jobValueRoutes,
  ...jobRoutes,
  ...jobActionRoutes,
  ...queueRoutes,
  ...workerRoutes,
  ...scheduleRoutes,
  ...limitRoutes,
  ...operationRoutes,
  ...statRoutes,
  ...auditRoutes,
  ...overviewRoutes,
  ...healthRoutes,
  ...liveRoutes,
  ...openapiRoutes(() => routes),
];
