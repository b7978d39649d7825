import { parseArgs } from "node:util";
import { checkFile } from "./json-file.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/catalogue.ts";
import { type Backlog, fullName, type System } from "./system.ts";
import { systems } from "./systems/catalogue.ts";
import { UsageError } from "./usage-error.ts";

/** How much of everything a run does. */
export interface Plan {
  /** Which sizes it has: a saved run says so. */
  readonly form: "usual" | "quick" | "long";
  readonly scenarios: readonly Scenario[];
  /** The figures asked for, by id: a part of those of the scenarios, perhaps. */
  readonly measures: ReadonlySet<string>;
  readonly systems: readonly System[];
  readonly rounds: number;
  readonly jobs: number;
  /** What a system with a small share of them gets all the same. */
  readonly leastJobs: number;
  readonly backlog: Backlog;
  readonly inFlight: number;
  /** How many jobs wait in one lane, and as many at one limit. */
  readonly deepGates: number;
  /** How many pairs of drains it is measured by. */
  readonly claimPairs: number;
  /** How often an operator asks each question. */
  readonly looks: number;
  readonly memoryJobs: number;
  /** Peers, which have no target for it, stop after so long with fewer jobs. */
  readonly memoryPeerMs: number;
  /** Handled before a drain that counts, so that its code is compiled. */
  readonly warmUpJobs: number;
  readonly latencyJobs: number;
  readonly halfPeakMs: number;
  readonly burstMs: number;
  /** A burst that does not count comes before each: a producer usually lives long, and its code is compiled. */
  readonly burstWarmUpMs: number;
  readonly warmUpMs: number;
  /** How long jobs that were enqueued in time get to be handled. */
  readonly graceMs: number;
  readonly steadySeconds: (system: System, phase: Phase) => number;
  readonly idleSettleMs: number;
  readonly idleMs: number;
  readonly pauseMs: number;
  readonly json: string | undefined;
  readonly save: boolean;
}

/** The two scenarios of a steady load: without a pinned snapshot, and with one. */
export type Phase = "steady" | "pinned";

const usage = `usage: npm run bench -- [options]
  --scenario a,b   figures, or their beginning: enqueue, drain-1, latency, steady ...; default all
  --systems a,b    holdfast, pg-boss, holdfast@sqlite, graphile-worker:big ...; default all
  --rounds N       default 3, with --quick 1; one where no target hangs on a system's figures
  --jobs N         jobs per drain and bulk; default 100000, with --quick 5000
  --seconds N      length of steady and pinned; default 60, with --quick 1
  --long           pinned: 30 minutes for Holdfast, with 5 of steady as its clean side, and 5 for each peer
  --against COMMIT Holdfast of that commit too, as holdfast-before
  --quick          everything small, without scaling: under five minutes in all
  --json FILE      write the figures there
  --save           write the run into bench/results`;

/** @throws {UsageError} for an unknown option or value. */
export function readOptions(args: readonly string[]): Plan | "help" {
  const { values } = parse(args);
  if (values.help === true) return "help";
  refuseContradictions(values);
  const quick = values.quick === true;
  const long = values.long === true;
  const measures = new Set(chooseMeasures(readList("scenario", values.scenario), { quick, long }));
  const jobs = count("jobs", values.jobs) ?? (quick ? 5_000 : 100_000);
  const seconds = count("seconds", values.seconds) ?? (quick ? 1 : 60);
  return {
    form: quick ? "quick" : long ? "long" : "usual",
    ...(quick ? quickSizes : usualSizes),
    scenarios: scenarios.filter((one) => one.measures.some(({ id }) => measures.has(id))),
    measures,
    systems: chooseSystems(readList("systems", values.systems)),
    rounds: count("rounds", values.rounds) ?? (quick ? 1 : 3),
    jobs,
    steadySeconds: (system, phase) => (long ? longSeconds(system, phase) : seconds),
    json: checkFile(values.json),
    save: values.save === true,
  };
}

export const help = (): string =>
  `${usage}\n\nscenarios: ${knownMeasures().join(" ")}\nsystems: ${systems.map(fullName).join(" ")}`;

const usualSizes = {
  leastJobs: 500,
  backlog: { finished: 1_000_000, delayed: 1_000_000, failed: 100_000 },
  inFlight: 10_000,
  deepGates: 100_000,
  claimPairs: 3,
  looks: 30,
  memoryJobs: 1_000_000,
  memoryPeerMs: 8_000,
  warmUpJobs: 20_000,
  latencyJobs: 500,
  halfPeakMs: 5_000,
  burstMs: 2_000,
  burstWarmUpMs: 1_500,
  warmUpMs: 2_000,
  graceMs: 10_000,
  idleSettleMs: 15_000,
  idleMs: 60_000,
  pauseMs: 200,
};

const quickSizes: typeof usualSizes = {
  leastJobs: 100,
  backlog: { finished: 20_000, delayed: 20_000, failed: 2_000 },
  inFlight: 1_000,
  deepGates: 2_000,
  claimPairs: 1,
  looks: 5,
  memoryJobs: 10_000,
  memoryPeerMs: 1_500,
  warmUpJobs: 200,
  latencyJobs: 30,
  halfPeakMs: 500,
  burstMs: 300,
  burstWarmUpMs: 200,
  warmUpMs: 300,
  graceMs: 700,
  idleSettleMs: 1_000,
  idleMs: 4_000,
  pauseMs: 0,
};

/** Ours is what has to stay flat for long; five minutes say what it is held against. */
const longSeconds = ({ name }: System, phase: Phase) =>
  name === "holdfast" && phase === "pinned" ? 1_800 : 300;

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: text,
        systems: text,
        rounds: text,
        jobs: text,
        seconds: text,
        long: flag,
        quick: flag,
        json: text,
        save: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function readList(name: string, text: string | undefined): readonly string[] | undefined {
  const parts = text
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts?.length === 0) throw new UsageError(`--${name} names nothing`);
  return parts;
}

function refuseContradictions(values: ReturnType<typeof parse>["values"]): void {
  if (values.long !== true) return;
  if (values.quick === true) throw new UsageError("--long and --quick exclude each other");
  if (values.seconds !== undefined) {
    throw new UsageError("--long and --seconds exclude each other: both are lengths");
  }
  const others = readList("scenario", values.scenario)?.flatMap(measuresOf) ?? [];
  const other = others.find((id) => !phaseOfId.test(id));
  if (other !== undefined) throw new UsageError(`--long is for pinned and steady; got ${other}`);
}

const phaseOfId = /^(steady|pinned)(?=-)/;

/** The figures of `asked`, or the usual ones. A long run has each figure pinned and clean: only the two together say something. */
function chooseMeasures(
  asked: readonly string[] | undefined,
  { quick, long }: { readonly quick: boolean; readonly long: boolean },
): readonly string[] {
  if (!long) return asked?.flatMap(measuresOf) ?? usualMeasures(quick);
  const ids = (asked ?? ["pinned"]).flatMap(measuresOf);
  return ["steady", "pinned"].flatMap((phase) => ids.map((id) => id.replace(phaseOfId, phase)));
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(
    `--${name} must be a whole number of at least 1; got ${JSON.stringify(text)}`,
  );
}

const knownMeasures = (): readonly string[] =>
  scenarios.flatMap(({ measures }) => measures.map(({ id }) => id));

/** The simulation's costs compare nobody and take their time: a quick run leaves them out unless they are asked for. */
const usualMeasures = (quick: boolean): readonly string[] =>
  knownMeasures().filter((id) => !(quick && id.startsWith("scaling-")));

/** A figure's own id, a scenario's, or the beginning of some up to a dash. */
function measuresOf(asked: string): readonly string[] {
  const known = knownMeasures();
  if (known.includes(asked)) return [asked];
  const found = known.filter((id) => id.startsWith(`${asked}-`));
  if (found.length > 0) return found;
  throw new UsageError(
    `there is no scenario ${JSON.stringify(asked)}; there are: ${known.join(" ")}`,
  );
}

function chooseSystems(asked: readonly string[] | undefined): readonly System[] {
  if (asked === undefined) return systems;
  const names = (system: System) => [
    system.name,
    system.name.split(":")[0],
    fullName(system),
    system.package,
  ];
  for (const name of asked) {
    if (systems.some((system) => names(system).includes(name))) continue;
    const known = systems.map(fullName).join(" ");
    throw new UsageError(`there is no system ${JSON.stringify(name)}; there are: ${known}`);
  }
  return systems.filter((system) => asked.some((name) => names(system).includes(name)));
}
