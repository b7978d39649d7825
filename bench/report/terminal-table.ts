import type { ComparisonTable } from "./table.ts";

const gap = "  ";

/** A table for the terminal: each cell has the figure on one line and its ratio or spread on the next. */
export function terminalTable(table: ComparisonTable): string {
  const grid = [
    ["", ...table.systems],
    ...table.rows.flatMap(({ title, cells }) => [
      [title, ...cells.map(({ value }) => value)],
      ["", ...cells.map(({ detail }) => detail)],
    ]),
  ].filter((line) => line.some((text) => text !== ""));
  const widths = [0, ...table.systems].map((_, column) =>
    Math.max(...grid.map((line) => line[column]?.length ?? 0)),
  );
  const lines = grid.map((line) =>
    line
      .map((text, column) => pad(text, widths[column] ?? 0, column))
      .join(gap)
      .trimEnd(),
  );
  return [table.title, "", ...lines, "", ...table.notes, ""].join("\n");
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
