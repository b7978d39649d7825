import parse from "parse-prometheus-text-format";

/** One number, and what it is of. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a scrape said. */
export interface Scraped {
  /** The type and help of each metric, in order. */
  readonly metrics: ReadonlyMap<string, { readonly type: string; readonly help: string }>;
  readonly samples: readonly ScrapedSample[];
  /** Every number by its series, such as `holdfast_jobs{queue="a",state="running"}`. */
  readonly values: ReadonlyMap<string, number>;
}

const sampleLine =
  /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (?<value>\S+)$/;

/**
 * Reads what Prometheus would read: the text is held to the letter of its format line by line, and parsed by a library that knows
 * nothing of how it was written.
 */
export function parseMetrics(text: string): Scraped {
  const values = checkLines(text);
  const metrics = parse(text).map(
    ({ name, type, help }) => [name, { type: type.toLowerCase(), help }] as const,
  );
  // The library lumps the histograms of one metric together; without their type it reads their lines one by one.
  const samples = parse(text.replace(/^# (HELP|TYPE).*\n/gm, "")).flatMap((family) =>
    family.metrics.map(({ labels = {}, value }) => ({
      name: family.name,
      labels,
      value: Number(value),
    })),
  );
  if (samples.length !== values.size) throw new Error(`${samples.length} of ${values.size} parsed`);
  checkHistograms(samples);
  return { metrics: new Map(metrics), samples, values };
}

/** Each line on its own, and what the lines before it promised. */
function checkLines(text: string): ReadonlyMap<string, number> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, keyword, of = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (types.has(of)) throw new Error(`two families: ${line}`);
      family = of;
    } else if (keyword === "TYPE") {
      if (of !== family) throw new Error(`a type without its help: ${line}`);
      types.set(of, rest);
    } else addSample(values, line, family, types.get(family));
  }
  return values;
}

function addSample(
  values: Map<string, number>,
  line: string,
  family: string,
  type: string | undefined,
): void {
  const { name = "", labels, value = "" } = sampleLine.exec(line)?.groups ?? {};
  const endings = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (!endings.some((ending) => name === `${family}${ending}`))
    throw new Error(`a sample of no family: ${line}`);
  const series = labels === undefined ? name : `${name}{${labels}}`;
  if (values.has(series)) throw new Error(`twice: ${line}`);
  if (!Number.isFinite(Number(value)) || Number(value) < 0) throw new Error(`no number: ${line}`);
  values.set(series, Number(value));
}

function checkHistograms(samples: readonly ScrapedSample[]): void {
  const before = new Map<string, { readonly bound: number; readonly below: number }>();
  for (const { name, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify([name.replace(/_(bucket|count)$/, ""), others]);
    const last = before.get(key);
    if (le !== undefined) {
      const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
      if (last !== undefined && (last.bound >= bound || last.below > value))
        throw new Error(`${key}: the bounds or counts fall`);
      before.set(key, { bound, below: value });
    } else if (name.endsWith("_count") && (last?.bound !== Infinity || last.below !== value))
      throw new Error(`${key}: the last bucket does not hold all`);
  }
}
