import type { MigrationStep } from "../../shared/migrator.ts";
import { cappedAdoption } from "./0009-capped-adoption.ts";
import { everPart } from "./0009-ever.ts";
import { drainingTakesNone } from "./0009-draining.ts";
import { strictProducers } from "./0009-producers.ts";
import { joblogTable } from "./0009-joblog.ts";
import { traceColumn } from "./0009-trace.ts";

/**
 * The ninth step: what ties jobs to the application around them. Workers of the code before it go on beside it: they run jobs
 * with a trace like any other, and the rows that their own statements move lose it; what they add up is not in the totals. `schema` is quoted.
 */
export function servicesMigration(schema: string): MigrationStep {
  return {
    id: 9,
    name: "services",
    minCode: 7,
    sql: [
      traceColumn(schema),
      cappedAdoption(schema),
      joblogTable(schema),
      everPart(schema),
      drainingTakesNone(schema),
      strictProducers(schema),
    ].join("\n"),
  };
}
