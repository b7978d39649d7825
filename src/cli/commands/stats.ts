import type { Command } from "commander";
import type { Client } from "../../core/client.ts";
import { type Duration, parseDuration } from "../../core/duration.ts";
import type { Percentiles } from "../../core/histogram.ts";
import type { Stats, StatsEntry, StatsPoint, StatsRange } from "../../core/stats-client.ts";
import { withClient } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import { readInstant } from "../option-values.ts";
import type { Printer } from "../printer.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";

interface StatsOptions {
  readonly queue?: string;
  readonly name?: string;
  readonly since?: string;
  readonly from?: number;
  readonly to?: number;
  readonly step?: string;
}

/** `holdfast stats`: what happened in a range of time, by queue and name or step by step. */
export function addStats(program: Command, terminal: Terminal): void {
  program
    .command("stats")
    .description("show what happened, and how long jobs waited and ran")
    .option("--queue <name>", "of one queue")
    .option("--name <name>", "of jobs of one name")
    .option("--since <length>", "how far back, such as 15m or 7d (default: 1h)")
    .option("--from <moment>", "where to begin instead, such as 2030-01-31T08:00:00Z", readInstant)
    .option("--to <moment>", "where to end (default: now)", readInstant)
    .option("--step <length>", "over time instead, in steps such as 5m")
    .action((options: StatsOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const range = readRange(options, client.clock.now());
        if (options.step === undefined) await showEntries(client, print, range);
        else await showSeries(client, print, { ...range, step: options.step as Duration });
      }),
    );
}

function readRange(options: StatsOptions, now: number): StatsRange {
  const { queue, name, since, from, to = now } = options;
  if (since !== undefined && from !== undefined) {
    throw wrongUsage("Give --since or --from, not both.");
  }
  return {
    from: from ?? to - parseDuration(since ?? "1h", "--since"),
    to,
    ...(queue === undefined ? {} : { queue }),
    ...(name === undefined ? {} : { name }),
  };
}

async function showEntries(client: Client, print: Printer, range: StatsRange): Promise<void> {
  const [total, entries] = await Promise.all([
    client.stats.summary(range),
    client.stats.list(range),
  ]);
  print.result({ ...total, entries }, () => {
    const span = spanText(total.from, total.to);
    if (entries.length === 0) return `Nothing happened ${span}.`;
    const all = entries.length === 1 ? [] : [{ queue: "", name: "all", ...total }];
    return `${print.table(entryColumns, [...entries, ...all])}\n\n${legend} Counted ${span}.`;
  });
}

async function showSeries(
  client: Client,
  print: Printer,
  range: StatsRange & { readonly step: Duration },
): Promise<void> {
  const series = await client.stats.series(range);
  print.result(series, () => print.table(pointColumns, series.points));
}

const legend = "WAITED and RAN are p50, p95 and p99.";

function spanText(from: number, to: number): string {
  return `from ${formatInstant(from)} to ${formatInstant(to)}`;
}

const statColumns: readonly Column<Stats>[] = [
  { title: "ENQUEUED", cell: ({ enqueued }) => enqueued },
  { title: "STARTED", cell: ({ started }) => started },
  { title: "COMPLETED", cell: ({ completed }) => completed },
  { title: "FAILED", cell: ({ failed }) => failed, colour: (stats) => warn(stats.failed) },
  { title: "RETRIED", cell: ({ retried }) => retried },
  {
    title: "DISCARDED",
    cell: ({ discarded }) => discarded,
    colour: ({ discarded }) => (discarded > 0 ? "red" : undefined),
  },
  { title: "RESCUED", cell: ({ rescued }) => rescued, colour: (stats) => warn(stats.rescued) },
  { title: "WAITED", cell: ({ waiting }) => percentilesText(waiting) },
  { title: "RAN", cell: ({ running }) => percentilesText(running) },
];

const entryColumns: readonly Column<StatsEntry>[] = [
  { title: "QUEUE", cell: ({ queue }) => queue },
  { title: "NAME", cell: ({ name }) => name },
  ...statColumns,
];

const pointColumns: readonly Column<StatsPoint>[] = [
  { title: "AT", cell: ({ at }) => formatInstant(at) },
  ...statColumns,
];

function warn(count: number): "yellow" | undefined {
  return count > 0 ? "yellow" : undefined;
}

function percentilesText(given: Percentiles | null): string | null {
  if (given === null) return null;
  return [given.p50, given.p95, given.p99].map(durationText).join(" / ");
}

/** Three digits, in the unit that shows them best. */
function durationText(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const [size, unit] =
    ms < 120_000 ? [1_000, "s"] : ms < 7_200_000 ? [60_000, "m"] : [3_600_000, "h"];
  return `${Number((ms / Number(size)).toPrecision(3))}${unit}`;
}
