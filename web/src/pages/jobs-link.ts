import { setField } from "../../../src/dashboard/filter/change.ts";
import { withQuery } from "../api/request.ts";

/** The address of the jobs that all these conditions hold for. */
export function jobsLink(conditions: Readonly<Record<string, readonly string[]>>): string {
  let q = "";
  for (const [field, values] of Object.entries(conditions)) q = setField(q, field, values);
  return withQuery("/jobs", { q });
}
