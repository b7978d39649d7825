import type { Attempt } from "./attempt.ts";
import { addToBucket, bucketOf } from "./histogram.ts";
import type { NewJob } from "./new-job.ts";
import type { Settlement } from "./settlement.ts";
import { emptyTally, type Tally, tallyText } from "./tally.ts";

const minuteMs = 60_000;

/** What one write has to say about one name, queue and minute; `tally` is the text of a tally. */
export interface StatLine {
  /** The minute's beginning, in milliseconds since the epoch. */
  readonly at: number;
  readonly queue: string;
  readonly name: string;
  readonly tally: string;
}

/** The minute that a moment is in. */
function minuteOf(at: number): number {
  return at - (at % minuteMs);
}

/** Whose attempt a settlement ends, as far as counting goes. */
type Counted = NonNullable<Settlement["job"]>;

interface Place extends Pick<StatLine, "at" | "queue" | "name"> {
  readonly tally: Tally;
}

/**
 * Gathers tallies by minute, queue and name. What comes next is mostly like what came last, so that is looked at first, without a
 * division: this runs twice for every job.
 */
function gather() {
  const places: Place[] = [];
  let last: Place | undefined;
  function find(at: number, queue: string, name: string): Place {
    const minute = minuteOf(at);
    const found = places.find(
      (place) => place.at === minute && place.name === name && place.queue === queue,
    );
    if (found !== undefined) return found;
    const place = { at: minute, queue, name, tally: emptyTally() };
    places.push(place);
    return place;
  }
  return {
    of(at: number, { queue, name }: Pick<Counted, "queue" | "name">): Tally {
      const same = last !== undefined && at >= last.at && at < last.at + minuteMs;
      if (last === undefined || !same || last.name !== name || last.queue !== queue)
        last = find(at, queue, name);
      return last.tally;
    },
    lines: (): StatLine[] =>
      places.map(({ at, queue, name, tally }) => ({ at, queue, name, tally: tallyText(tally) })),
  };
}

/** What storing these jobs has to say. */
export function linesOfNew(jobs: Iterable<NewJob>): readonly StatLine[] {
  const gathered = gather();
  for (const job of jobs) gathered.of(job.createdAt, job).counts.enqueued += 1;
  return gathered.lines();
}

/** What cancelling a job that waited has to say. */
export function lineOfCancelled(job: Pick<Counted, "queue" | "name">, at: number): StatLine {
  return { at: minuteOf(at), queue: job.queue, name: job.name, tally: "x1" };
}

/**
 * What these settlements have to say once they are written at `now`: an attempt's start in the minute in which it began, the rest
 * in the one in which it ended. Pure, and run for every job.
 */
export function linesOfSettled(
  settlements: readonly Settlement[],
  now: number,
): readonly StatLine[] {
  const gathered = gather();
  for (const settlement of settlements) {
    const { job, rescued } = settlement;
    if (job === undefined) continue;
    const attempt = attemptOf(settlement);
    if (attempt !== undefined) countBegin(gathered.of(attempt.began, job), attempt, job.runAt);
    const ended = gathered.of(attempt?.ended ?? now, job);
    if (attempt !== undefined)
      addToBucket(ended.running, bucketOf(attempt.ended - attempt.began), 1);
    countEnd(ended, settlement, attempt);
    if (rescued === true) ended.counts.rescued += 1;
  }
  return gathered.lines().filter(({ tally }) => tally !== "");
}

/** The attempt a settlement ends; none when the job was given back before it began. */
function attemptOf({ attempts, lease }: Settlement): Attempt | undefined {
  const last = attempts[attempts.length - 1];
  return last?.run === lease.run ? last : undefined;
}

function countBegin({ counts, waiting }: Tally, { began }: Attempt, due: number): void {
  counts.started += 1;
  addToBucket(waiting, bucketOf(began - due), 1);
}

function countEnd({ counts }: Tally, { to }: Settlement, attempt: Attempt | undefined): void {
  switch (attempt?.how) {
    case "failed":
    case "timed-out":
    case "crashed":
      counts.failed += 1;
      if (to === "retryable" || to === "available" || to === "blocked") counts.retried += 1;
      break;
    case "discarded":
      counts.failed += 1;
      break;
    case "rescheduled":
      counts.rescheduled += 1;
      break;
    case "snoozed":
    case "throttled":
    case "released":
      counts.snoozed += 1;
      break;
    default:
  }
  if (to === "completed" || to === "cancelled" || to === "discarded") counts[to] += 1;
}
