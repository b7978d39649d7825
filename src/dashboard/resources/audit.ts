import type { AuditEntry } from "../../core/audit-client.ts";
import type { JobFilter } from "../../core/job-filter.ts";
import { marker } from "../redact/hide-json.ts";
import type { JobRedactor } from "../redact/redactor.ts";
import type { Call, Route } from "../route.ts";
import type { AuditAnswer } from "../wire/health.ts";
import { shownRows } from "./job-texts.ts";
import { shownFilter } from "./operation-row.ts";
import { limitOf, params, textsOf } from "./query-params.ts";

/** Who did what. */
export const auditRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/audit",
    permission: "audit",
    summary: "Who did what, newest first.",
    query: {
      by: { type: "string", maxLength: 1_000, description: "Done by them only." },
      action: { type: "string", maxLength: 255, description: "This only, such as jobs.cancel." },
      target: { type: "string", maxLength: 255, description: "To this only, such as job:12." },
      limit: params.limit,
      after: params.after,
    },
    answer: "Audit",
    async handle(call): Promise<AuditAnswer> {
      const { client, query } = call;
      const { entries, next } = await client.audit.list({
        ...textsOf(query, "by", "action", "target", "after"),
        limit: limitOf(query),
      });
      return { entries: await shownEntries(call, entries), next };
    },
  },
];

/** Entries without what their reader may not see: of payloads by their paths, and of jobs by their values while they are there. */
async function shownEntries(
  call: Call,
  entries: readonly AuditEntry[],
): Promise<readonly AuditEntry[]> {
  const { client, redactor } = call;
  if (!redactor.active) return entries;
  const ids = [...new Set(entries.flatMap(({ target }) => idOf(target) ?? []))];
  const { jobs } =
    ids.length === 0
      ? { jobs: [] }
      : await client.jobs.list({ ids, limit: ids.length, valuesUpTo: 0 });
  const known = new Map((await shownRows(call, jobs)).map(({ job, shown }) => [job.id, shown]));
  return entries.map((entry) => {
    const shown = known.get(idOf(entry.target) ?? "");
    return { ...entry, details: shownDetails(call, entry, shown) };
  });
}

function idOf(target: string): string | undefined {
  return /^job:(\d{1,19})$/.exec(target)?.[1];
}

function shownDetails(
  { redactor }: Call,
  { details }: AuditEntry,
  shown: JobRedactor | undefined,
): AuditEntry["details"] {
  const { payload, filter, ...others } = details;
  return {
    ...(shown?.value(others) ?? withoutTexts(others)),
    ...(payload === undefined ? {} : { payload: redactor.anyPayload(payload) }),
    ...(filter === undefined ? {} : { filter: shownFilter(filter as JobFilter, redactor) }),
  };
}

/** Of a job that is gone, and of many, nobody knows what such texts must not have. */
function withoutTexts(details: AuditEntry["details"]): AuditEntry["details"] {
  const entries = Object.entries(details);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === "why" || key === "tags" ? marker : value]),
  );
}
