import { hasBars } from "./chart-data.ts";
import { flatnessTable } from "./flatness-table.ts";
import { markdownComparison, markdownRows } from "./markdown-table.ts";
import { holdfast, type SavedRun } from "./result.ts";
import { comparisonTables } from "./table.ts";
import { targets } from "./targets.ts";
import { type Judgement, judge } from "./verdict.ts";
import { countOf, goalOf, measuredOf, subjectOf } from "./verdict-text.ts";

/** A saved run with the name of its file. */
export type NamedRun = SavedRun & { readonly name: string };

const nothingYet = "Nothing is measured yet: `npm run bench -- --save` writes the first results.";

/** The generated blocks of docs/performance.md, from all saved runs, oldest first. */
export function performanceBlocks(runs: readonly NamedRun[]): Readonly<Record<string, string>> {
  const shown = shownRuns(runs);
  const newest = shown.at(-1);
  if (newest === undefined) {
    const empty = [
      "chart",
      "machine",
      "postgres",
      "flatness",
      "long",
      "sqlite",
      "targets",
      "misses",
    ];
    return Object.fromEntries([...empty, "settings"].map((name) => [name, nothingYet]));
  }
  return {
    chart: chartBlock(newest),
    machine: machineBlock(newest),
    postgres: comparisonBlock(newest, "PostgreSQL"),
    flatness: flatnessTable(newest),
    long: longBlock(runs),
    sqlite: comparisonBlock(newest, "SQLite"),
    targets: targetsBlock(shown),
    misses: missesBlock(newest),
    settings: settingsBlock(newest),
  };
}

/** The newest two complete runs, oldest first; while there is none, the newest run there is. */
export function shownRuns(runs: readonly NamedRun[]): readonly NamedRun[] {
  const complete = runs.filter(isComplete).slice(-2);
  return complete.length > 0 ? complete : runs.slice(-1);
}

/** A complete run measured Holdfast wherever there is a target; runs of single scenarios and quick ones are not. */
function isComplete(run: SavedRun): boolean {
  const { results } = run;
  if (formOf(run) === "quick") return false;
  return targets.every(({ scenario, backend }) =>
    results.some(
      (one) => one.system === holdfast && one.scenario === scenario && one.backend === backend,
    ),
  );
}

function chartBlock({ name, machine, results }: NamedRun): string {
  if (!hasBars(results)) return "No peer is measured yet.";
  const image = "![How many times better Holdfast is than each peer](performance.svg)";
  return `${image}\n\nDrawn from [${name}](../bench/results/${name}), commit \`${machine.commit}\`, ${dayOf(machine.date)}.`;
}

function machineBlock(run: NamedRun): string {
  const { machine } = run;
  const { cpus, cores, memoryGiB, node, postgres, sqlite, redis, date, commit } = machine;
  const versions = Object.entries(machine.versions).map(
    ([system, version]) => `${system} ${version}`,
  );
  const rows = [
    ["machine", `${cpus}, ${cores} cores, ${memoryGiB} GiB`],
    ["Node", node],
    ["PostgreSQL", postgres],
    ["SQLite", sqlite],
    ["Redis", redis ?? "none on this machine"],
    ["systems", versions.join(", ")],
    ["measured", `${dayOf(date)}, commit \`${commit}\``],
    ["run", runOf(run)],
  ];
  return markdownRows(["", ""], rows, "left");
}

function settingsBlock({ machine }: NamedRun): string {
  const systems = Object.entries(machine.settings).filter(([name]) => name !== "run");
  const rows = systems.map(([system, words]) => [`\`${system}\``, words]);
  return markdownRows(["system", "settings"], rows, "left");
}

function comparisonBlock(run: NamedRun, title: string): string {
  const results = run.results.filter(hasNoOtherTable);
  const notRun = run.notRun.filter(hasNoOtherTable);
  const { remarks } = run;
  const table = comparisonTables({ results, notRun, remarks }).find((one) => one.title === title);
  return table === undefined ? "Not measured in this run." : markdownComparison(table);
}

/** Steady and pinned figures stand in the table of flatness. */
function hasNoOtherTable({ scenario }: { readonly scenario: string }): boolean {
  return !/^(steady|pinned)-/.test(scenario);
}

/** The newest run of `npm run bench -- --scenario pinned --long`. */
function longBlock(runs: readonly NamedRun[]): string {
  const run = runs.findLast(
    (one) =>
      formOf(one) === "long" &&
      one.results.some(({ scenario }) => scenario === "pinned-throughput"),
  );
  if (run === undefined) return "The long pin is not measured yet.";
  return `From [${run.name}](../bench/results/${run.name}), commit \`${run.machine.commit}\`: ${runOf(run)}.\n\n${flatnessTable(run)}`;
}

function targetsBlock(runs: readonly NamedRun[]): string {
  const judged = runs.map((run) => judge(run));
  const rows = targets.map((target, index) => [
    subjectOf(target),
    goalOf(target),
    ...judged.map((judgements) => judgementCell(judgements[index])),
  ]);
  const header = ["", "target", ...runs.map(({ name }) => `[${name}](../bench/results/${name})`)];
  const counts = judged.map((judgements, index) => `${runs[index]?.name}: ${countOf(judgements)}.`);
  return `${markdownRows(header, rows, "left")}\n\n${counts.join("\n")}`;
}

function judgementCell(judgement: Judgement | undefined): string {
  if (judgement === undefined) return "";
  const { word } = judgement;
  if (word === "N/A") return "n/a";
  if (word === "NOT MEASURED") return "NOT MEASURED";
  return `${measuredOf(judgement)} ${word === "REPORTED" ? "" : `**${word}**`}`.trim();
}

function missesBlock(run: NamedRun): string {
  const bad = judge(run).filter(({ word }) => word === "MISS" || word === "NOT MEASURED");
  if (bad.length === 0) return "No target is missed.";
  return bad
    .map(
      (one) => `- ${one.word}: ${subjectOf(one.target)}, ${goalOf(one.target)}: ${measuredOf(one)}`,
    )
    .join("\n");
}

/** The first word of what a run says of itself: usual, quick or long. */
const formOf = (run: SavedRun) => runOf(run).split(" ")[0];
const runOf = ({ machine }: SavedRun) => machine.settings["run"] ?? "";
const dayOf = (date: string) => date.slice(0, 10);
