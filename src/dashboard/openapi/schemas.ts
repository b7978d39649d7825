import type { Schema } from "../route.ts";
import { jobSchemas } from "./job-schemas.ts";
import { operationSchemas } from "./operation-schemas.ts";
import { overviewSchemas } from "./overview-schemas.ts";
import { queueSchemas } from "./queue-schemas.ts";
import { scheduleSchemas } from "./schedule-schemas.ts";
import { siteSchemas } from "./site-schemas.ts";

/** Every schema of the document, by its name. */
export const schemas = {
  ...jobSchemas,
  ...operationSchemas,
  ...overviewSchemas,
  ...queueSchemas,
  ...scheduleSchemas,
  ...siteSchemas,
} as const satisfies Readonly<Record<string, Schema>>;
