import type { Cell, ComparisonTable } from "./table.ts";

/** A comparison as a Markdown table, with what is missing as a list below it. */
export function markdownComparison({ systems, rows, notes }: ComparisonTable): string {
  const header = ["", ...systems.map((system) => `\`${system}\``)];
  const lines = rows.map(({ title, cells }) => [title, ...cells.map(markdownCell)]);
  const list = notes.map((note) => `- ${oneLine(note.replace(/^- /, "A `-` "))}`);
  return [markdownRows(header, lines, "right"), ...(list.length > 0 ? ["", ...list] : [])].join(
    "\n",
  );
}

/** A Markdown table whose columns after the first are aligned as asked. */
export function markdownRows(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: "left" | "right",
): string {
  const rule = header.map((_, column) => (column > 0 && align === "right" ? "--:" : "---"));
  const line = (cells: readonly string[]) => `| ${cells.map(oneLine).join(" | ")} |`;
  return [line(header), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

const markdownCell = ({ value, detail, remark = "" }: Cell) =>
  [value, detail.replace(/^[\d.,kM]+x/, "**$&**"), remark]
    .filter((part) => part !== "")
    .join("<br>");

const oneLine = (text: string) => text.replaceAll("\n", " ").replaceAll("|", "\\|");
