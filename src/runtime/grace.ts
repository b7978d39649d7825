import type { JobContext } from "../core/job-context.ts";
import type { Attempt } from "./attempt.ts";
import { type AttemptEnding, endOfAbort } from "./executor.ts";

/**
 * Gives how an attempt ended. Past its timeout, or past any other abort, the handler has the grace to obey its signal; then
 * its slot goes on without it. A timed-out attempt stays so whatever the handler makes of its last seconds.
 */
export function withinGrace(
  attempt: Attempt,
  ended: Promise<AttemptEnding>,
  graceMs: number,
  context: JobContext,
): Promise<AttemptEnding> {
  return new Promise((resolve, reject) => {
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    attempt.abort.onAbort(() => {
      if (!over) timer = setTimeout(() => resolve(abandon(attempt, context)), graceMs);
    });
    ended.then((ending) => {
      over = true;
      if (timer !== undefined) clearTimeout(timer);
      resolve(unlessTimedOut(attempt, ending, context));
    }, reject);
  });
}

function unlessTimedOut(
  attempt: Attempt,
  ending: AttemptEnding,
  context: JobContext,
): AttemptEnding {
  if (attempt.abort.reason?.kind !== "timeout") return ending;
  if (ending.kind === "already-settled" || ending.kind === "timed-out") return ending;
  return endOfAbort(attempt, context) ?? ending;
}

function abandon(attempt: Attempt, context: JobContext): AttemptEnding {
  context.log.warn(
    { reason: attempt.abort.reason?.message },
    "the handler ignored its signal; its slot goes on without it and its late writes are fenced",
  );
  if (attempt.ending.settled) return { kind: "already-settled" };
  return endOfAbort(attempt, context) ?? { kind: "released" };
}
