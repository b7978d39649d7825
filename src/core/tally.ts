import { addHistogram, addToBucket, bucketOf, type Histogram, histogramText } from "./histogram.ts";

/**
 * What is counted. Of attempts that began, each is counted once as `completed`, `rescheduled`, `snoozed`, `failed` or, when it was
 * asked to stop, `cancelled`, which also counts jobs cancelled while they waited.
 */
export const counters = [
  "enqueued",
  "started",
  "completed",
  "rescheduled",
  "snoozed",
  "failed",
  "retried",
  "discarded",
  "cancelled",
  "rescued",
] as const;

/** One thing that is counted. */
export type Counter = (typeof counters)[number];

/** How often each happened. */
export type Counts = Readonly<Record<Counter, number>>;

/** What happened to the jobs of one name and queue in some minutes. */
export interface Tally {
  readonly counts: Record<Counter, number>;
  /** From when an attempt was due until it began. */
  readonly waiting: Histogram;
  /** From when an attempt began until it ended. */
  readonly running: Histogram;
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    counts: {
      enqueued: 0,
      started: 0,
      completed: 0,
      rescheduled: 0,
      snoozed: 0,
      failed: 0,
      retried: 0,
      discarded: 0,
      cancelled: 0,
      rescued: 0,
    },
    waiting: new Map(),
    running: new Map(),
  };
}

/** Adds all that one tally has to another. */
export function addTally(into: Tally, from: Tally): void {
  for (const counter of counters) into.counts[counter] += from.counts[counter];
  addHistogram(into.waiting, from.waiting);
  addHistogram(into.running, from.running);
}

const letters: Readonly<Record<Counter, string>> = {
  enqueued: "e",
  started: "s",
  completed: "c",
  rescheduled: "n",
  snoozed: "z",
  failed: "f",
  retried: "t",
  discarded: "d",
  cancelled: "x",
  rescued: "q",
};
const byLetter: ReadonlyMap<string, Counter> = new Map(
  counters.map((counter) => [letters[counter], counter]),
);

/**
 * A tally as text: words with spaces between. A letter and a number for what is counted; `w` and `r` before a bucket and its
 * count for what was waited and run. Two texts joined by a space are the text of both.
 */
export function tallyText({ counts, waiting, running }: Tally): string {
  let text = "";
  for (const counter of counters)
    if (counts[counter] > 0) text += ` ${letters[counter]}${counts[counter]}`;
  for (const [letter, histogram] of [
    ["w", waiting],
    ["r", running],
  ] as const) {
    for (const [bucket, count] of histogram) text += ` ${letter}${bucket}:${count}`;
  }
  return text.slice(1);
}

/**
 * Adds what a text says to a tally. Besides what `tallyText` writes it may say `W` or `R` and a duration in milliseconds, which
 * databases write by themselves; a word it does not know comes from newer code and is passed over.
 */
export function addTallyText(into: Tally, text: string): void {
  for (const word of text.split(" ")) {
    const rest = word.slice(1);
    const colon = rest.indexOf(":");
    const counter = byLetter.get(word[0] ?? "");
    if (counter !== undefined) into.counts[counter] += Number(rest);
    else if (word[0] === "w" || word[0] === "r") {
      const histogram = word[0] === "w" ? into.waiting : into.running;
      addToBucket(histogram, Number(rest.slice(0, colon)), Number(rest.slice(colon + 1)));
    } else if (word[0] === "W") addToBucket(into.waiting, bucketOf(Number(rest)), 1);
    else if (word[0] === "R") addToBucket(into.running, bucketOf(Number(rest)), 1);
  }
}

/** The two histograms of a tally as texts. */
export function histogramTexts({ waiting, running }: Tally) {
  return { waiting: histogramText(waiting), running: histogramText(running) };
}
