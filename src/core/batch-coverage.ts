import { HoldfastError } from "./errors.ts";

/**
 * Makes sure that outcomes cover every item of a batch exactly once.
 *
 * @throws {HoldfastError} `BATCH_OUTCOMES_MISMATCH` with the ids that are missing, repeated and foreign.
 */
export function checkCoverage(items: readonly string[], outcomes: readonly string[]): void {
  const open = new Set(items);
  const known = new Set(items);
  const repeated: string[] = [];
  const foreign: string[] = [];
  for (const id of outcomes) {
    if (open.delete(id)) continue;
    (known.has(id) ? repeated : foreign).push(id);
  }
  const missing = [...open];
  if (missing.length + repeated.length + foreign.length === 0) return;
  throw outcomesMismatch(
    [told("no outcome for", missing), told("two for", repeated), told("a foreign one for", foreign)]
      .filter((part) => part !== "")
      .join(", "),
    { missing, repeated, foreign },
  );
}

/** The error for a batch that does not say how each of its items ends. */
export function outcomesMismatch(
  what: string,
  details: Readonly<Record<string, readonly string[]>> = {},
): HoldfastError {
  return new HoldfastError(
    "BATCH_OUTCOMES_MISMATCH",
    `A batch must hand back exactly one outcome for each of its items, or nothing to complete them all; there is ${what}.`,
    { details },
  );
}

const mostNamed = 5;

function told(what: string, ids: readonly string[]): string {
  if (ids.length === 0) return "";
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  return `${what} ${ids.slice(0, mostNamed).join(", ")}${more}`;
}
