/**
 * How often durations of each size were seen: counts by bucket, so that histograms of any number of workers and minutes add up to
 * one as exact as each of them.
 */
export type Histogram = Map<number, number>;

/** Each bucket reaches 3 % further than the one before, so its middle is within 1.5 % of all it holds. */
const growth = 1.03;
const scale = 1 / Math.log(growth);
const half = 2 / (1 + growth);

/** Up to here a bucket holds one whole number of milliseconds at most. */
const wholeBelow = 33.5;

/** The buckets of short durations, which are most: this is asked twice for every job. */
const known = Uint16Array.from({ length: 4_096 }, (_, ms) => calculated(ms));

/** The bucket of a duration in whole milliseconds; 0 is for less than one. */
export function bucketOf(ms: number): number {
  return known[ms] ?? calculated(ms);
}

function calculated(ms: number): number {
  return ms >= 1 ? 1 + Math.floor(Math.log(ms) * scale) : 0;
}

/** What a bucket stands for, in milliseconds: exact to 33, within 2 % above. */
export function durationOf(bucket: number): number {
  if (bucket === 0) return 0;
  const middle = growth ** bucket * half;
  return middle < wholeBelow ? Math.round(middle) : Number(middle.toPrecision(3));
}

/** Counts `count` more in a bucket. */
export function addToBucket(histogram: Histogram, bucket: number, count: number): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

/** Adds all that one histogram has to another. */
export function addHistogram(into: Histogram, from: ReadonlyMap<number, number>): void {
  for (const [bucket, count] of from) addToBucket(into, bucket, count);
}

/** As text: `bucket:count` by rising bucket, with spaces between. */
export function histogramText(histogram: ReadonlyMap<number, number>): string {
  return [...histogram]
    .sort(([one], [other]) => one - other)
    .map(([bucket, count]) => `${bucket}:${count}`)
    .join(" ");
}

/** More than there are buckets: durations of thousands of years are in them. */
const mostBuckets = 2_048;

/** Where a text is added up: one place for each bucket, all zero between two texts. */
const places = new Float64Array(mostBuckets);

/**
 * The histogram a text describes, in which a bucket may come more than once. Digit by digit and without a map: whoever reads a month of
 * many names reads a million of these numbers.
 */
export function parseHistogram(text: string): Histogram {
  const histogram: Histogram = new Map();
  const seen: number[] = [];
  let [bucket, number] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : space;
    if (code === colon) {
      bucket = number;
      number = 0;
    } else if (code === space) {
      if (places[bucket] === 0 && number > 0) seen.push(bucket);
      places[bucket] = (places[bucket] as number) + number;
      number = 0;
    } else number = number * 10 + code - zero;
  }
  for (const each of seen) {
    histogram.set(each, places[each] as number);
    places[each] = 0;
  }
  return histogram;
}

const [space, zero, colon] = [32, 48, 58];

/** Durations in milliseconds below which half, 95 and 99 of a hundred were. */
export interface Percentiles {
  /** How many durations there were. */
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What is told of a histogram; `null` when it is empty. */
export function percentilesOf(histogram: ReadonlyMap<number, number>): Percentiles | null {
  const buckets = [...histogram].sort(([one], [other]) => one - other);
  const count = buckets.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return null;
  const at = (share: number) => durationOf(bucketAt(buckets, Math.ceil(share * count)));
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The bucket of the duration that has this rank among all, from 1. */
function bucketAt(buckets: readonly (readonly [number, number])[], rank: number): number {
  let before = 0;
  for (const [bucket, count] of buckets) {
    before += count;
    if (before >= rank) return bucket;
  }
  return 0;
}
