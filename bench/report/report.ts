import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRun } from "../samples.ts";
import type { SavedRun } from "./result.ts";
import { drainCheckText, isPredicted } from "./scaling-check.ts";
import { summarise } from "./summary.ts";
import { comparisonTables } from "./table.ts";
import { terminalTable } from "./terminal-table.ts";
import { writePages } from "./write-pages.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the figures go besides the terminal. */
export interface ReportOptions {
  readonly json: string | undefined;
  readonly save: boolean;
}

/**
 * Prints a run's tables, writes its files, and sets the exit code to 1 when the simulation was measured and did not
 * predict what was.
 */
export function report(run: BenchRun, { json, save }: ReportOptions): void {
  const saved = summarise(run);
  for (const table of comparisonTables(saved)) console.log(`\n${terminalTable(table)}`);
  if (json !== undefined) write(json, saved.results);
  if (save) saveRun(saved);
  const check = drainCheckText(saved);
  if (check === undefined) return;
  console.log(check);
  if (!isPredicted(saved)) process.exitCode = 1;
}

function saveRun(run: SavedRun): void {
  const { date, commit } = run.machine;
  const folder = path.join(root, "bench/results");
  mkdirSync(folder, { recursive: true });
  const name = `${date.slice(0, 16).replace(":", "-")}-${commit}.json`;
  write(path.join(folder, name), run);
  for (const page of writePages(root)) console.log(`wrote ${page}`);
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`wrote ${path.relative(process.cwd(), file)}`);
}
