import { type Colour, type Paint, plain, widthOf } from "./paint.ts";

/** One column of a table of rows. */
export interface Column<Row> {
  readonly title: string;
  /** What stands in it; `null` is shown as nothing. Numbers stand to the right. */
  readonly cell: (row: Row) => string | number | null;
  readonly colour?: (row: Row) => Colour | undefined;
}

/** Lays rows out in columns as wide as their widest cell. Cells may hold anything: control characters are shown. */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint = (_colour, text) => text,
): string {
  const heading = columns.map(({ title }) => paint("bold", title));
  const cells = rows.map((row) =>
    columns.map(({ cell, colour }) => paint(colour?.(row), plain(String(cell(row) ?? "")))),
  );
  const toTheRight = columns.map(
    ({ cell }) => rows.length > 0 && rows.every((row) => typeof (cell(row) ?? 0) === "number"),
  );
  const lines = [heading, ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ""))));
  return lines
    .map((line) => line.map((text, at) => pad(text, widths[at] ?? 0, toTheRight[at])).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names and values, one to a line, the values below each other. */
export function formatFields(
  fields: readonly (readonly [name: string, value: string | number | null])[],
  paint: Paint = (_colour, text) => text,
): string {
  const shown = fields.filter(([, value]) => value !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 1;
  return shown
    .map(([name, value]) => `${paint("bold", `${name}:`.padEnd(width))}  ${plain(String(value))}`)
    .join("\n");
}

function pad(text: string, width: number, toTheRight = false): string {
  const gap = " ".repeat(Math.max(0, width - widthOf(text)));
  return toTheRight ? gap + text : text + gap;
}
