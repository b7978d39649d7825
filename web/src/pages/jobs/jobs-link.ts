import { setField } from "../../../../src/dashboard/filter/change.ts";
import { withQuery } from "../../api/request.ts";

/** The values that are asked for, by the names of their fields. */
type Conditions = Readonly<Record<string, readonly string[]>>;

/** The address of the jobs that a filter means: its text, or conditions that all hold. */
export function jobsLink(filter: string | Conditions): string {
  return withQuery("/jobs", { q: typeof filter === "string" ? filter.trim() : textOf(filter) });
}

function textOf(conditions: Conditions): string {
  return Object.entries(conditions).reduce(
    (text, [field, values]) => setField(text, field, values),
    "",
  );
}
