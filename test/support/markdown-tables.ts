import { readFileSync } from "node:fs";

/** The tables of one page of `docs/`, by the heading above each: their rows, header and rule left out. */
export function readTables(page: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const tables = new Map<string, readonly (readonly string[])[]>();
  for (const section of text.split(/^## /m).slice(1)) {
    const [heading = "", ...lines] = section.split("\n");
    const rows = lines.filter((line) => line.startsWith("|")).map(readCells);
    tables.set(heading.trim(), rows.slice(2));
  }
  return tables;
}

/** What a code span such as `` `name` `` holds; text outside one as it is. */
export function unquote(cell = ""): string {
  return /^`(.*)`$/.exec(cell)?.[1] ?? cell;
}

function readCells(line: string): readonly string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}
