import type { NotRun, Remark } from "../samples.ts";
import { figure, spreadOfFigures, times } from "./figures.ts";
import { ratioByRound, roundsOf } from "./ratio.ts";
import {
  comparedBackends,
  familyOf,
  holdfast,
  type Result,
  type Rounds,
  type SavedRun,
} from "./result.ts";
import { inOrder, titleOf } from "./scenario-titles.ts";
import { spreadOf } from "./spread.ts";

/** One figure of a table: what was measured, and below it the ratio or the spread. */
export interface Cell {
  readonly value: string;
  readonly detail: string;
  /** What was remarked on while it was measured. */
  readonly remark?: string;
}

/** All systems on one backend, a row per scenario and a column per system, Holdfast first. */
export interface ComparisonTable {
  readonly title: string;
  readonly systems: readonly string[];
  readonly rows: readonly { readonly title: string; readonly cells: readonly Cell[] }[];
  /** What is missing, and why. */
  readonly notes: readonly string[];
}

type Measured = Pick<SavedRun, "results" | "notRun" | "remarks">;

const backends = [
  ["postgres", "PostgreSQL"],
  ["sqlite", "SQLite"],
] as const;

/** One table for each backend of which anything was measured or refused. */
export function comparisonTables(run: Measured): readonly ComparisonTable[] {
  return backends.flatMap(([backend, title]) => {
    const stands = <T extends Result | NotRun | Remark>(entries: readonly T[]) =>
      entries.filter((one) => isCompared(one) && comparedBackends(backend).includes(one.backend));
    const here = {
      results: stands(run.results),
      notRun: stands(run.notRun),
      remarks: stands(run.remarks),
    };
    return here.results.length + here.notRun.length === 0 ? [] : [comparisonTable(title, here)];
  });
}

/** What the simulation is fed with is about Holdfast alone. */
const isCompared = ({ scenario }: Result | NotRun | Remark) => !scenario.startsWith("scaling");

function comparisonTable(title: string, { results, notRun, remarks }: Measured): ComparisonTable {
  const named = [...results, ...notRun].map(({ system }) => familyOf(system));
  const systems = [...new Set([holdfast, ...named.sort()])];
  const scenarios = inOrder(results.map(({ scenario }) => scenario));
  const rows = scenarios.map((scenario) => {
    const inScenario = results.filter((result) => result.scenario === scenario);
    const cells = systems.map((system) => {
      const remark = remarkOn(system, scenario, remarks);
      const cell = cellOf(system, inScenario, notRun, scenario);
      return remark === "" ? cell : { ...cell, remark };
    });
    return { title: rowTitle(scenario, inScenario), cells };
  });
  return { title, systems, rows, notes: notesOf(notRun, rows) };
}

function rowTitle(scenario: string, [first]: readonly Result[]): string {
  if (first === undefined) return titleOf(scenario);
  const direction = first.better === "lower" ? ", lower is better" : "";
  return `${titleOf(scenario)} (${first.unit}${direction})`;
}

function cellOf(
  system: string,
  results: readonly Result[],
  notRun: readonly NotRun[],
  scenario: string,
): Cell {
  const rounds = roundsOf(results, system);
  const spread = spreadOf(Object.values(rounds ?? {}));
  if (rounds === undefined || spread === undefined) {
    const refused = notRun.some((one) => concerns(one, scenario, system));
    return { value: refused ? "not run" : "-", detail: "" };
  }
  const value = figure(spread.median);
  if (system === holdfast) return { value, detail: spreadOfFigures(spread, figure) };
  return { value, detail: ratioText(roundsOf(results, holdfast), rounds) };
}

function ratioText(ours: Rounds | undefined, theirs: Rounds): string {
  const ratio = ratioByRound(ours ?? {}, theirs);
  if (ratio === undefined) return "";
  return `${times(ratio.median)} ${spreadOfFigures(ratio, times)}`.trimEnd();
}

/** Each remark once, however many rounds it was made in. */
function remarkOn(system: string, scenario: string, remarks: readonly Remark[]): string {
  const here = remarks.filter((one) => concerns(one, scenario, system));
  return [...new Set(here.map(({ text }) => text))].join("; ");
}

/** True when the refusal or remark is about the system, in any preset. */
export function concerns(one: NotRun | Remark, scenario: string, system: string): boolean {
  const isSystem = one.system === system || familyOf(one.system) === system;
  return isSystem && one.scenario === scenario;
}

function notesOf(notRun: readonly NotRun[], rows: ComparisonTable["rows"]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { scenario, system, reason } of notRun) {
    const key = JSON.stringify([system, reason]);
    reasons.set(key, [...(reasons.get(key) ?? []), scenario]);
  }
  const refusals = [...reasons].map(([key, scenarios]) => {
    const [system, reason] = JSON.parse(key) as [string, string];
    return `${system} was not run in ${scenarios.join(", ")}: ${reason}`;
  });
  const hasGaps = rows.some(({ cells }) => cells.some(({ value }) => value === "-"));
  return hasGaps
    ? [...refusals, "- stands where a system was not asked for this figure."]
    : refusals;
}
