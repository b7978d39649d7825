import type { BenchRun } from "../samples.ts";
import { saveResults, writeResults } from "./results-file.ts";
import { drainCheckText, isPredicted } from "./scaling-check.ts";
import { summarise } from "./summary.ts";
import { comparisonTables } from "./table.ts";
import { terminalTable } from "./terminal-table.ts";

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
  if (json !== undefined) writeResults(json, saved.results);
  if (save) saveResults("bench/results", saved.machine, saved);
  const check = drainCheckText(saved);
  if (check === undefined) return;
  console.log(check);
  if (!isPredicted(saved)) process.exitCode = 1;
}
