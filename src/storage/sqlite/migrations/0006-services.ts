import { ever } from "./0006-ever.ts";
import { joblogTable } from "./0006-joblog.ts";
import { traceColumn } from "./0006-trace.ts";

/**
 * What ties jobs to the application around them. Workers of the code before it go on beside it: they run jobs with a trace like
 * any other, and the rows they move lose it; what they add up is not in the totals.
 */
export const services = {
  id: 6,
  name: "services",
  minCode: 4,
  sql: [traceColumn, joblogTable, ever].join("\n"),
} as const;
