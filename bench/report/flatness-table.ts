import { figure, times } from "./figures.ts";
import { markdownRows } from "./markdown-table.ts";
import { roundsOf } from "./ratio.ts";
import { familyOf, holdfast, type SavedRun } from "./result.ts";
import { steadyMeasures } from "./scenario-titles.ts";
import { medianOf } from "./spread.ts";
import { concerns } from "./table.ts";

type Measured = Pick<SavedRun, "results" | "notRun">;

/** Every system under a pinned snapshot beside itself without: pinned figure, clean figure, ratio. */
export function flatnessTable(run: Measured): string {
  const isSteady = ({ scenario }: { readonly scenario: string }) =>
    /^(steady|pinned)/.test(scenario);
  const here = { results: run.results.filter(isSteady), notRun: run.notRun.filter(isSteady) };
  const named = [...here.results, ...here.notRun].map(({ system }) => familyOf(system));
  const systems = [...new Set([holdfast, ...named.sort()])];
  const rows = steadyMeasures.map(([measure, title]) => [
    unitOf(measure, title, here),
    ...systems.map((system) => cellOf(system, measure, here)),
  ]);
  return markdownRows(["", ...systems.map((system) => `\`${system}\``)], rows, "right");
}

function unitOf(measure: string, title: string, { results }: Measured): string {
  const unit = results.find(({ scenario }) => scenario.endsWith(`-${measure}`))?.unit;
  return unit === undefined || unit === title ? title : `${title} (${unit})`;
}

function cellOf(system: string, measure: string, { results, notRun }: Measured): string {
  const [pinned, clean] = ["pinned", "steady"].map((phase) => {
    const inScenario = results.filter(({ scenario }) => scenario === `${phase}-${measure}`);
    return medianOf(Object.values(roundsOf(inScenario, system) ?? {}));
  });
  if (pinned === undefined || clean === undefined || Number.isNaN(pinned)) {
    return notRun.some((one) => concerns(one, `pinned-${measure}`, system)) ? "not run" : "-";
  }
  if (Number.isNaN(clean)) return figure(pinned);
  const ratio = clean > 0 ? `<br>**${times(pinned / clean)}**` : "";
  return `${figure(pinned)} (${figure(clean)})${ratio}`;
}
