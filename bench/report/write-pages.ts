import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chartOf } from "./chart.ts";
import { hasBars } from "./chart-data.ts";
import { dashboardBlock } from "./dashboard-page.ts";
import { dashboardResults, savedDashboardRuns } from "./dashboard-run.ts";
import { fillBlocks } from "./generated-blocks.ts";
import { performanceBlocks, shownRuns } from "./performance-page.ts";
import { savedRuns } from "./saved-run.ts";
import { scalingBlocks } from "./scaling-page.ts";

/** A generated file: its path from the root and its text; `undefined` when it should not exist. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** Every file of docs with generated parts, as it should be by what `bench/results` holds. */
export function generatedFiles(root: string): readonly GeneratedFile[] {
  const runs = savedRuns(path.join(root, "bench/results"));
  const newest = shownRuns(runs).at(-1);
  const chart = newest && hasBars(newest.results) ? chartOf(newest) : undefined;
  const page = (name: string, blocks: Readonly<Record<string, string>>): GeneratedFile => {
    const current = readFileSync(path.join(root, name), "utf8");
    return { path: name, text: fillBlocks(current, blocks) };
  };
  return [
    page("docs/performance.md", {
      ...performanceBlocks(runs),
      dashboard: dashboardBlock(savedDashboardRuns(path.join(root, dashboardResults))),
    }),
    page("docs/scaling.md", scalingBlocks(runs)),
    { path: "docs/performance.svg", text: chart },
  ];
}

/** Writes them, and tells which. */
export function writePages(root: string): readonly string[] {
  const files = generatedFiles(root);
  for (const file of files) {
    const place = path.join(root, file.path);
    if (file.text === undefined) rmSync(place, { force: true });
    else writeFileSync(place, file.text);
  }
  return files.flatMap(({ path: name, text }) => (text === undefined ? [] : [name]));
}
