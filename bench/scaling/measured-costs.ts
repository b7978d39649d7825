import type { Result } from "../report/result.ts";
import type { Costs } from "./costs.ts";

/** How a cost is written down: its scenario, its title, its unit, and how many of that unit are one of `Costs`. */
interface CostSample {
  readonly cost: keyof Costs;
  readonly scenario: string;
  readonly title: string;
  readonly unit: string;
  readonly perUnit: number;
}

const row = (
  cost: keyof Costs,
  scenario: string,
  title: string,
  unit: string,
  perUnit = 1,
): CostSample => ({ cost, scenario, title, unit, perUnit });

/** Every measured cost, in the order tables show them. */
export const costSamples: readonly CostSample[] = [
  row(
    "clientMsPerJob",
    "scaling-client-cpu",
    "worker CPU to claim, run and settle a job",
    "us",
    1000,
  ),
  row("serverMsPerJob", "scaling-server-cpu", "server CPU to claim and settle a job", "us", 1000),
  row("insertMsPerJob", "scaling-insert-cpu", "server CPU to insert a job, of many", "us", 1000),
  row("statementMs", "scaling-statement-cpu", "server CPU of any one transaction", "us", 1000),
  row("skipMsPerRow", "scaling-skip-cpu", "server CPU to step over a locked row", "us", 1000),
  row("crowding", "scaling-crowding", "CPU per job with 3 processes / with 1", "x"),
  row("roundTripMs", "scaling-round-trip", "round trip of an empty statement", "ms"),
  row("flushMs", "scaling-flush", "flush of a small write", "ms"),
  row("walBytesPerJob", "scaling-wal", "WAL to claim and settle a job", "B"),
  row("walBytesPerInsert", "scaling-insert-wal", "WAL to insert a job", "B"),
];

/** The costs a run measured, by the medians of its rounds; `undefined` when it did not. */
export function costsOf(results: readonly Result[]): Costs | undefined {
  const found = costSamples.flatMap(({ cost, scenario, perUnit }) => {
    const result = results.find((one) => one.scenario === scenario);
    return result === undefined ? [] : [[cost, result.median / perUnit] as const];
  });
  return found.length === costSamples.length
    ? (Object.fromEntries(found) as unknown as Costs)
    : undefined;
}
