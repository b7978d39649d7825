import { readFileSync } from "node:fs";
import path from "node:path";
import { jsonFilesIn } from "./json-files.ts";
import type { Result, SavedRun } from "./result.ts";

/** A results file as it was read: a saved run, or the bare array that `--json` writes. */
export interface ResultsFile {
  readonly name: string;
  /** Null for a bare array. */
  readonly machine: SavedRun["machine"] | null;
  readonly notRun: SavedRun["notRun"];
  readonly remarks: SavedRun["remarks"];
  readonly results: readonly Result[];
}

/** Reads one results file; what is no results file is an error that says so. */
export function readResults(file: string): ResultsFile {
  const name = path.basename(file);
  const content = parse(file);
  if (isResultList(content)) {
    return { name, machine: null, notRun: [], remarks: [], results: content };
  }
  const { machine, notRun, remarks = [], results } = (content ?? {}) as Partial<SavedRun>;
  if (machine === undefined || notRun === undefined || !isResultList(results)) {
    throw new Error(`${file} is no results file: write one with npm run bench -- --json FILE`);
  }
  return { name, machine, notRun, remarks, results };
}

/** A folder's saved runs, oldest first; a folder that does not exist has none. */
export function savedRuns(folder: string): readonly (ResultsFile & SavedRun)[] {
  return jsonFilesIn(folder)
    .map((name) => readResults(path.join(folder, name)))
    .filter((file): file is ResultsFile & SavedRun => file.machine !== null)
    .sort((a, b) => a.machine.date.localeCompare(b.machine.date));
}

function parse(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
}

function isResultList(content: unknown): content is readonly Result[] {
  return (
    Array.isArray(content) &&
    content.every((one: Partial<Result> | null) => one?.scenario !== undefined && one.rounds)
  );
}
