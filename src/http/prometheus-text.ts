import { bucketOf, durationOf, type Histogram } from "../core/histogram.ts";
import { metricCatalogue, type MetricName } from "./metric-names.ts";

/** The media type of what is written here. */
export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

/** The labels of a sample, in order. */
export type Labels = Readonly<Record<string, string>>;

/** One number, and what it is of. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The bounds of histograms in seconds. */
export const bounds: readonly number[] = [
  0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400,
];

/** A metric with its samples; nothing when there are none. */
export function familyText(metric: MetricName, samples: readonly Sample[]): string {
  return family(
    metric,
    samples.map(({ labels, value }) => line(metric, labels, value)),
  );
}

/** A histogram for each set of labels. */
export function histogramsText(
  metric: MetricName,
  histograms: Iterable<{ readonly labels: Labels; readonly histogram: Histogram }>,
): string {
  const lines: string[] = [];
  for (const { labels, histogram } of histograms)
    lines.push(...histogramLines(metric, labels, histogram));
  return family(metric, lines);
}

/**
 * What is stored are buckets 3 % wide, not durations: a bound holds all durations up to it and maybe some up to 3 % longer, exactly
 * those up to it as far as 33 ms. The sum is that of the buckets' middles, so within 1.5 %.
 */
function histogramLines(metric: string, labels: Labels, histogram: Histogram): readonly string[] {
  const buckets = [...histogram].sort(([one], [other]) => one - other);
  let [at, below, sum] = [0, 0, 0];
  const upTo = (last: number): number => {
    for (; at < buckets.length; at++) {
      const [bucket = 0, count = 0] = buckets[at] ?? [];
      if (bucket > last) break;
      below += count;
      sum += count * durationOf(bucket);
    }
    return below;
  };
  const lines = bounds.map((bound) =>
    line(`${metric}_bucket`, { ...labels, le: String(bound) }, upTo(bucketOf(bound * 1_000))),
  );
  const all = upTo(Number.POSITIVE_INFINITY);
  return [
    ...lines,
    line(`${metric}_bucket`, { ...labels, le: "+Inf" }, all),
    line(`${metric}_sum`, labels, Math.round(sum) / 1_000),
    line(`${metric}_count`, labels, all),
  ];
}

function family(metric: MetricName, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const { help, type } = metricCatalogue[metric];
  return `# HELP ${metric} ${help}\n# TYPE ${metric} ${type}\n${lines.join("")}`;
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function escape(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => escapes[char] ?? char);
}
