import { channel } from "node:diagnostics_channel";
import type { AttemptEndEvent, AttemptStartEvent } from "../core/attempt-event.ts";
import type { AttemptReport } from "../core/attempt-report.ts";
import { traceIdOf } from "../core/trace.ts";
import { type Attempt, attemptTrace } from "./attempt.ts";

/** The channels there are. */
export const channelNames = ["holdfast:attempt:start", "holdfast:attempt:end"] as const;

const starts = channel(channelNames[0]);
const ends = channel(channelNames[1]);

/** Says that an attempt's handler is about to be called, to who listens. */
export function tellStart(attempt: Attempt): void {
  if (starts.hasSubscribers) starts.publish(eventOf(attempt));
}

/** True when somebody wants to know how an attempt ended. */
export function isHeard({ span }: Attempt): boolean {
  return span !== undefined || ends.hasSubscribers;
}

/** Says how an attempt ended, to its span and to who listens. */
export function tellEnd(attempt: Attempt, report: AttemptReport): void {
  attempt.span?.settled(attempt.job, report);
  if (!ends.hasSubscribers) return;
  const event: AttemptEndEvent = { ...eventOf(attempt), ...report };
  ends.publish(event);
}

function eventOf(made: Attempt): AttemptStartEvent {
  const { lease, name, queue, attempt } = made.job;
  return {
    id: lease.id,
    name,
    queue,
    attempt,
    run: lease.run,
    worker: lease.owner,
    traceId: traceIdOf(attemptTrace(made)),
  };
}
