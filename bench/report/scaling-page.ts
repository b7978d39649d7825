import { benchLimits } from "../scaling/engine-limits.ts";
import { climb } from "../scaling/ladder.ts";
import { costSamples, costsOf } from "../scaling/measured-costs.ts";
import type { Bottleneck, Prediction } from "../scaling/predict.ts";
import {
  coreCounts,
  createWhatIf,
  disks,
  insertSizes,
  roundTrips,
  type WhatIf,
  workerCounts,
} from "../scaling/what-if.ts";
import { figure } from "./figures.ts";
import { markdownRows } from "./markdown-table.ts";
import type { NamedRun } from "./performance-page.ts";
import { checkedDrains, percent } from "./scaling-check.ts";

const nothingYet =
  "Nothing is measured yet: `npm run bench -- --scenario scaling --save` writes the first results.";

const blockNames = ["costs", "check", "ladder", "workers", "inserts", "disks", "network"];

/** The generated blocks of docs/scaling.md, from the newest run that measured the costs. */
export function scalingBlocks(runs: readonly NamedRun[]): Readonly<Record<string, string>> {
  const run = runs.findLast(({ results }) => costsOf(results) !== undefined);
  const costs = costsOf(run?.results ?? []);
  if (run === undefined || costs === undefined) {
    return Object.fromEntries(blockNames.map((name) => [name, nothingYet]));
  }
  const whatIf = createWhatIf(costs, benchLimits);
  return {
    costs: costsBlock(run),
    check: checkBlock(run),
    ladder: ladderBlock(whatIf),
    workers: workersBlock(whatIf),
    inserts: insertsBlock(whatIf),
    disks: disksBlock(whatIf),
    network: networkBlock(whatIf),
  };
}

function costsBlock({ name, machine, results }: NamedRun): string {
  const rows = costSamples.map(({ scenario, title, unit }) => {
    const median = results.find((one) => one.scenario === scenario)?.median ?? Number.NaN;
    return [title, `${figure(median)} ${unit}`];
  });
  const source = `From [${name}](../bench/results/${name}): ${machine.cpus}, ${machine.cores} cores.`;
  return `${markdownRows(["cost", "measured"], rows, "right")}\n\n${source}`;
}

function checkBlock(run: NamedRun): string {
  const rows = checkedDrains(run).map(({ workers, measured, predicted, off }) => [
    String(workers),
    `${figure(measured)}/s`,
    `${figure(predicted)}/s`,
    percent(off),
  ]);
  const table = markdownRows(
    ["worker processes", "measured", "predicted", "off by"],
    rows,
    "right",
  );
  const remarks = run.remarks.filter(({ scenario }) => scenario.startsWith("scaling-"));
  const list = [...new Set(remarks.map(({ text }) => `- The run ${text}.`))];
  return [table, ...(list.length > 0 ? ["", ...list] : [])].join("\n");
}

function ladderBlock(whatIf: WhatIf): string {
  const rows = climb(whatIf).map(({ setup, prediction, next }, index) => [
    String(index + 1),
    `${workersTitle(setup.workers)}, ${setup.serverCores} cores, log ${setup.flushMs} ms, ${setup.logMegabytesPerSecond.toLocaleString("en-US")} MB/s`,
    `${figure(prediction.jobsPerSecond)}/s`,
    words[prediction.bottleneck],
    next ?? "another server",
  ]);
  return markdownRows(["step", "setup", "jobs", "in short supply", "next"], rows, "left");
}

function workersBlock(whatIf: WhatIf): string {
  const rows = workerCounts.map((workers) => [
    String(workers),
    ...coreCounts.map((serverCores) => cell(whatIf({ workers, serverCores }))),
  ]);
  return markdownRows(["workers", ...coreCounts.map((n) => `${n} cores`)], rows, "right");
}

function insertsBlock(whatIf: WhatIf): string {
  const cores = [4, 16, 32];
  const rows = insertSizes.map((perInsert) => [
    perInsert.toLocaleString("en-US"),
    ...cores.map((serverCores) => cell(whatIf({ perInsert, serverCores }))),
  ]);
  return markdownRows(["jobs per insert", ...cores.map((n) => `${n} cores`)], rows, "right");
}

const fewWorkers = [1, 4, 16, 64] as const;

function disksBlock(whatIf: WhatIf): string {
  const rows = disks.map(({ title, ...disk }) => [
    title,
    ...fewWorkers.map((workers) => cell(whatIf({ workers, ...disk }))),
  ]);
  return markdownRows(["disk", ...fewWorkers.map(workersTitle)], rows, "right");
}

function networkBlock(whatIf: WhatIf): string {
  const rows = roundTrips.map((roundTripMs) => [
    `${roundTripMs} ms`,
    ...fewWorkers.map((workers) => cell(whatIf({ workers, roundTripMs }))),
  ]);
  return markdownRows(["round trip", ...fewWorkers.map(workersTitle)], rows, "right");
}

const workersTitle = (workers: number) => (workers === 1 ? "1 worker" : `${workers} workers`);

const words: Readonly<Record<Bottleneck, string>> = {
  "server cores": "server cores",
  "log device": "log writes",
  "worker threads": "workers' main threads",
  waiting: "nothing: workers wait for answers",
};

const letters: Readonly<Record<Bottleneck, string>> = {
  "server cores": "C",
  "log device": "L",
  "worker threads": "W",
  waiting: "A",
};

function cell({ jobsPerSecond, bottleneck }: Prediction): string {
  return `${figure(jobsPerSecond)} ${letters[bottleneck]}`;
}
