import { randomUUID } from "node:crypto";
import { HoldfastError } from "../../core/errors.ts";
import type { JobFilter } from "../../core/job-filter.ts";
import type { Call } from "../route.ts";
import { isConcealed, searchBounds, statesOf } from "./concealed.ts";
import { errorTexts } from "./job-row.ts";
import { type ShownJob, shownRows } from "./job-texts.ts";
import { mostRows } from "./query-params.ts";

/** Jobs looked at for one page of rows, and for one operation. */
const lookedAt = { page: 1_000, operation: 5_000 } as const;

/** The most jobs that an operation may be given by their ids. */
const mostIds = 1_000;

/** What looking found. */
export interface ShownJobs {
  readonly found: readonly ShownJob[];
  /** Where to go on; `null` when all were looked at. */
  readonly next: string | null;
  /** When the last job looked at was enqueued. */
  readonly searchedTo: number | null;
}

interface SearchOptions {
  /** Ends when more than so many were found. */
  readonly most: number;
  /** Ends when so many jobs were looked at. */
  readonly atMost: number;
  readonly after?: string | undefined;
  /** How far the database looks for them. */
  readonly bounds: { readonly searchAtMost?: number; readonly valuesUpTo: number };
}

/**
 * Looks for jobs by their texts as they are shown, newest first: what the database finds by texts as they are would tell what is
 * hidden.
 */
async function search(
  call: Call,
  filter: JobFilter,
  { most, atMost, after, bounds }: SearchOptions,
): Promise<ShownJobs> {
  const { error, ...others } = filter;
  const states = statesOf(filter).filter((state) => error === undefined || state !== "completed");
  const asked = { ...others, state: states, limit: mostRows, ...bounds };
  const found: ShownJob[] = [];
  let next = after ?? null;
  let searchedTo: number | null = null;
  let conceals = false;
  for (let looked = 0; states.length > 0 && looked < atMost && found.length <= most; ) {
    const page = await call.client.jobs.list(next === null ? asked : { ...asked, after: next });
    const rows = await shownRows(call, page.jobs);
    const seen = rows.filter((row) => !isConcealed(filter, row));
    found.push(...seen.filter((row) => error === undefined || mentions(row, error)));
    conceals ||= seen.length < rows.length;
    looked += mostRows;
    ({ next } = page);
    searchedTo = page.searchedTo ?? page.jobs.at(-1)?.createdAt ?? searchedTo;
    if (next === null || page.searchedTo !== null) break;
  }
  if (!conceals) return { found, next, searchedTo };
  const end = await endOfNone(call, { ...asked, ...(after === undefined ? {} : { after }) });
  return { ...end, found: found.filter(({ job }) => BigInt(job.id) >= BigInt(end.next ?? 0)) };
}

/** Where a search ends that comes by none of the jobs: concealed ones must not show in where theirs ended. */
async function endOfNone(
  { client }: Call,
  asked: JobFilter,
): Promise<Pick<ShownJobs, "next" | "searchedTo">> {
  const { next, searchedTo } = await client.jobs.list({ ...asked, uniqueKey: randomUUID() });
  return { next, searchedTo };
}

/** A page of the jobs that a filter means as they are shown. */
export async function findShown(
  call: Call,
  filter: JobFilter,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<ShownJobs> {
  const bounds = searchBounds;
  const looked = await search(call, filter, { most: limit, atMost: lookedAt.page, after, bounds });
  const found = looked.found.slice(0, limit);
  const last = found.at(-1);
  return looked.found.length > limit && last !== undefined
    ? { found, next: last.job.id, searchedTo: null }
    : looked;
}

/** The newest of the jobs that a filter means as they are shown, as many as are looked at for a page. */
export function newestShown(call: Call, filter: JobFilter): Promise<ShownJobs> {
  const atMost = lookedAt.page;
  return search(call, filter, { most: atMost, atMost, bounds: searchBounds });
}

/**
 * The same filter by the ids of the jobs it means as they are shown; `undefined` when it means none.
 *
 * @throws {HoldfastError} `FILTER_INVALID` when it means more jobs than can be named, or leaves more than can be looked at.
 */
export async function byShown(call: Call, filter: JobFilter): Promise<JobFilter | undefined> {
  const atMost = lookedAt.operation;
  const bounds = { valuesUpTo: 0 };
  const { found, next } = await search(call, filter, { most: mostIds, atMost, bounds });
  if (next !== null || found.length > mostIds) {
    throw new HoldfastError(
      "FILTER_INVALID",
      `Some values are hidden from you, so each job's texts are looked at for you: at most ${atMost} jobs, of which ${mostIds} may match. Narrow the filter, by created:<1h, name or queue.`,
    );
  }
  if (found.length === 0) return undefined;
  const { error: _error, ...others } = filter;
  return { ...others, ids: found.map(({ job }) => job.id) };
}

function mentions({ job, shown }: ShownJob, error: string): boolean {
  return errorTexts(job).some((each) => lower(shown.text(each)).includes(lower(error)));
}

/** As both databases lower it: letters of ASCII only. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
