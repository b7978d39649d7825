import { figure } from "./figures.ts";
import { titleOf } from "./scenario-titles.ts";
import type { Target } from "./targets.ts";
import type { Judgement } from "./verdict.ts";

/** What a target compares, in words. */
export function subjectOf(target: Target): string {
  const where = target.backend === "sqlite" ? "SQLite" : "PostgreSQL";
  const title = `${where}: ${titleOf(target.scenario)}`;
  if (target.kind === "peer") return `${title} vs ${target.peer}`;
  return target.kind === "flatness" ? `${title} / own ${titleOf(target.baseline)}` : title;
}

/** What a target asks for: ">= 2.5x", "<= 150 MB", "report". */
export function goalOf(target: Target): string {
  const { goal } = target;
  if (goal === "report" || goal === "n/a") return goal;
  const sign = goal.direction === "at least" ? ">=" : "<=";
  const value = unitOf(target) === "x" ? String(goal.value) : goal.value.toLocaleString("en-US");
  return `${sign} ${withUnit(target, value)}`;
}

/** What was measured, to as many digits as the verdict was made from. */
export function measuredOf({ target, measured, ofMedians, reason }: Judgement): string {
  if (measured === undefined) return reason ?? "";
  const show = (value: number) =>
    unitOf(target) === "x" ? withUnit(target, exact(value)) : withUnit(target, figure(value));
  const { median, min, max } = measured;
  const spread = min === max ? "" : ` [${show(min)} to ${show(max)}]`;
  const medians =
    ofMedians === undefined || exact(ofMedians) === exact(median)
      ? ""
      : `, of medians ${show(ofMedians)}`;
  return `${show(median)}${spread}${medians}`;
}

/** One line for each target, and a last one that counts. */
export function verdictText(name: string, judgements: readonly Judgement[]): string {
  const rows = judgements.map((judgement) => [
    judgement.word,
    subjectOf(judgement.target),
    goalOf(judgement.target),
    measuredOf(judgement),
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [name, "", ...lines, "", countOf(judgements), ""].join("\n");
}

/** How many judgements there are of each word: "29 PASS, 1 MISS". */
export function countOf(judgements: readonly Judgement[]): string {
  const words = ["PASS", "MISS", "NOT MEASURED", "REPORTED", "N/A"] as const;
  return words
    .map((word) => [judgements.filter((one) => one.word === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

function unitOf(target: Target): string {
  return target.kind === "absolute" ? target.unit : "x";
}

function withUnit(target: Target, value: string): string {
  const unit = unitOf(target);
  return unit === "x" ? `${value}x` : `${value} ${unit}`;
}

/** Enough decimals that a figure just short of its bound does not look as if it met it. */
function exact(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1);
}
