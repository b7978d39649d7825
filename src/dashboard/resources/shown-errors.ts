import { HoldfastError } from "../../core/errors.ts";
import type { JobFilter } from "../../core/job-filter.ts";
import { isConcealed, searchBounds, statesOf } from "./concealed.ts";
import { errorTexts } from "./job-row.ts";
import { type ShownJob, shownRows } from "./job-texts.ts";
import { mostRows } from "./query-params.ts";
import type { Call } from "../route.ts";

/** Jobs looked at for one page of rows, and for one operation. */
const lookedAt = { page: 1_000, operation: 5_000 } as const;

/** The most jobs that an operation may be given by their ids. */
const mostIds = 1_000;

/** What looking found. */
export interface ShownErrors {
  readonly found: readonly ShownJob[];
  /** Where to go on; `null` when all were looked at. */
  readonly next: string | null;
  /** When the last job looked at was enqueued. */
  readonly searchedTo: number | null;
}

/**
 * Looks for a text in errors as they are shown, newest jobs first: were the database asked, what it finds would tell what is hidden.
 * Ends when more than `most` were found, or enough jobs were looked at.
 */
async function lookForErrors(
  call: Call,
  { error = "", ...filter }: JobFilter,
  {
    most,
    atMost,
    after,
  }: { readonly most: number; readonly atMost: number; readonly after?: string },
): Promise<ShownErrors> {
  const states = statesOf(filter).filter((state) => state !== "completed");
  const found: ShownJob[] = [];
  let next: string | null = after ?? null;
  let searchedTo: number | null = null;
  for (
    let looked = 0;
    states.length > 0 && looked < atMost && found.length <= most;
    looked += mostRows
  ) {
    const asked = { ...filter, state: states, limit: mostRows, ...searchBounds };
    const page = await call.client.jobs.list(next === null ? asked : { ...asked, after: next });
    const rows = await shownRows(call, page.jobs);
    found.push(...rows.filter((row) => mentions(row, lower(error)) && !isConcealed(filter, row)));
    searchedTo = page.jobs.at(-1)?.createdAt ?? page.searchedTo ?? searchedTo;
    next = page.next;
    if (next === null) break;
  }
  return { found, next, searchedTo };
}

/** A page of the jobs whose errors, as they are shown, have a text in them. */
export async function findShownErrors(
  call: Call,
  filter: JobFilter,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<ShownErrors> {
  const from = after === undefined ? {} : { after };
  const looked = await lookForErrors(call, filter, { most: limit, atMost: lookedAt.page, ...from });
  const found = looked.found.slice(0, limit);
  const last = found.at(-1);
  return looked.found.length > limit && last !== undefined
    ? { found, next: last.job.id, searchedTo: null }
    : looked;
}

/**
 * The same filter by the ids of the jobs it means, where it has a text of errors; `undefined` when it means none.
 *
 * @throws {HoldfastError} `FILTER_INVALID` when it means more jobs than can be named, or leaves more than can be looked at.
 */
export async function byShownErrors(call: Call, filter: JobFilter): Promise<JobFilter | undefined> {
  const atMost = lookedAt.operation;
  const { found, next } = await lookForErrors(call, filter, { most: mostIds, atMost });
  if (next !== null || found.length > mostIds) {
    throw new HoldfastError(
      "FILTER_INVALID",
      `Some values are hidden from you, so each job's error is looked at for you: at most ${atMost} jobs, of which ${mostIds} may match. Narrow the filter, by created:<1h, name or queue.`,
    );
  }
  if (found.length === 0) return undefined;
  const { error: _error, ...others } = filter;
  return { ...others, ids: found.map(({ job }) => job.id) };
}

function mentions({ job, shown }: ShownJob, wanted: string): boolean {
  return errorTexts(job).some((each) => lower(shown.text(each)).includes(wanted));
}

/** As both databases lower it: letters of ASCII only. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
