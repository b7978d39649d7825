import type { Clock } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import type { Logger } from "../core/logger.ts";
import type { Attempt } from "./attempt.ts";
import { type AttemptEnding, endOfAbort } from "./executor.ts";

/** What a deadline is measured with. */
export interface DeadlineParts {
  readonly clock: Clock;
  /** How long a handler may go on after its signal aborted. */
  readonly graceMs: number;
  readonly log: Logger;
}

/**
 * Holds an attempt to its timeout. Past it, or past any other abort, the handler has the grace to obey its signal;
 * then its slot goes on without it. A timed-out attempt stays so whatever the handler makes of its last seconds.
 */
export async function raceDeadline(
  attempt: Attempt,
  ended: Promise<AttemptEnding>,
  { clock, graceMs, log }: DeadlineParts,
): Promise<AttemptEnding> {
  const disarm = arm(attempt, clock);
  const overdue = attempt.abort.aborted.then(() => within(graceMs, ended));
  const ending = (await Promise.race([ended, overdue])) ?? abandon(attempt, log);
  disarm();
  if (ending.kind === "already-settled" || ending.kind === "timed-out") return ending;
  const late = attempt.abort.reason?.kind === "timeout" ? endOfAbort(attempt, log) : undefined;
  return late ?? ending;
}

function arm({ job, abort }: Attempt, clock: Clock): () => void {
  const { timeoutMs } = job.policy;
  if (timeoutMs === null) return () => {};
  const message = `The attempt took longer than ${formatDuration(timeoutMs)}.`;
  return clock.after(timeoutMs, () => abort.abort({ kind: "timeout", message }));
}

function abandon(attempt: Attempt, log: Logger): AttemptEnding {
  log.warn(
    { reason: attempt.abort.reason?.message },
    "the handler ignored its signal; its slot goes on without it and its late writes are fenced",
  );
  if (attempt.ending.settled) return { kind: "already-settled" };
  return endOfAbort(attempt, log) ?? { kind: "released" };
}

/** The ending, when it comes within `ms`. */
async function within(
  ms: number,
  ended: Promise<AttemptEnding>,
): Promise<AttemptEnding | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  const first = await Promise.race([ended, timeout]);
  clearTimeout(timer);
  return first;
}
