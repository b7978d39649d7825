import { HoldfastError } from "../../core/errors.ts";
import type { JobFilter } from "../../core/job-filter.ts";
import { parseFilter } from "../filter/parse.ts";
import { writeKey } from "../filter/write-value.ts";
import type { Call } from "../route.ts";

/** Nobody mends more of them at once. */
const mostProblems = 20;

/**
 * The jobs that a text means, if its reader may search for what it names.
 *
 * @throws {HoldfastError} `FILTER_INVALID` with its problems, `FORBIDDEN` for a path that is hidden from them.
 */
export function readFilter({ client, redactor }: Call, q: string): JobFilter {
  const { filter, problems } = parseFilter(q, client.clock.now());
  const [problem] = problems;
  if (problem !== undefined) {
    const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more problems)`;
    const message = `The filter does not fit: ${problem.message}${more}`;
    const details = { problems: problems.slice(0, mostProblems) };
    throw new HoldfastError("FILTER_INVALID", message, { details });
  }
  const hidden = Object.keys(filter.payload ?? {}).find((path) => redactor.hides(keysOf(path)));
  if (hidden === undefined) return filter;
  const path = ["payload", ...keysOf(hidden).map(writeKey)].join(".");
  throw new HoldfastError(
    "FORBIDDEN",
    `${path} is hidden from you, so jobs cannot be searched by it; take it out of the filter.`,
  );
}

/** The keys of a path of a filter. */
export function keysOf(path: string): readonly string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
}
