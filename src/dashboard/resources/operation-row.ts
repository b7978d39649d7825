import type { JobFilter } from "../../core/job-filter.ts";
import type { Operation } from "../../core/operation.ts";
import { printFilter } from "../filter/print.ts";
import { marker } from "../redact/hide-json.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { Call } from "../route.ts";
import type { OperationRow } from "../wire/operations.ts";
import { keysOf } from "./read-filter.ts";

/** An operation as its reader may see it. Who began it and why is a deed, as the audit has it. */
export function operationRow(
  { visitor, redactor }: Pick<Call, "visitor" | "redactor">,
  { filter, by, why, error, ...operation }: Operation,
): OperationRow {
  const hasAudit = visitor.permissions.has("audit");
  return {
    ...operation,
    q: printFilter(shownFilter(filter, redactor)),
    by: hasAudit ? by : null,
    why: hasAudit ? redactor.anyText(why) : null,
    error: redactor.anyText(error),
  };
}

/** A filter without what its reader may not search for. */
export function shownFilter(filter: JobFilter, redactor: Redactor): JobFilter {
  if (!redactor.active) return filter;
  const { error, tag, uniqueKey, waitingFor, payload = {}, ...others } = filter;
  // Whoever sees all may have searched for what is hidden.
  const texts = { error, tag, uniqueKey, waitingFor };
  const asked = Object.entries(texts).filter(([, text]) => text !== undefined);
  const shown: JobFilter["payload"] = Object.fromEntries(
    Object.entries(payload).map(([path, value]) => {
      return [path, redactor.hides(keysOf(path)) ? marker : value];
    }),
  );
  return {
    ...others,
    ...Object.fromEntries(asked.map(([name]) => [name, marker])),
    ...(filter.payload === undefined ? {} : { payload: shown }),
  };
}
