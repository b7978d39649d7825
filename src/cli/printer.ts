import { createPaint, type Paint, plain } from "./paint.ts";
import { redact } from "./redact.ts";
import { type Column, formatFields, formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** How a command speaks: results to standard output, remarks to standard error. */
export interface Printer {
  /** True when the command was asked for JSON. */
  readonly json: boolean;
  /** Prints the answer: as one line of JSON when asked for, else as the text, which is only then made. */
  result(value: unknown, text: () => string): void;
  /** A remark to whoever looks on; never part of the answer. */
  note(text: string): void;
  /** Rows as a table, in colours where they are seen. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string;
  /** Names and values below each other; those that are `null` are left out. */
  fields(fields: readonly (readonly [name: string, value: string | number | null])[]): string;
  readonly paint: Paint;
}

/** Makes the printer of one command. */
export function createPrinter(
  { out, err, env, isTerminal }: Pick<Terminal, "out" | "err" | "env" | "isTerminal">,
  json: boolean,
): Printer {
  const paint = createPaint(isTerminal.out && !json, env);
  return {
    json,
    result: (value, text) => out(`${json ? JSON.stringify(value) : text()}\n`),
    note: (text) => err(`holdfast: ${redact(plain(text))}\n`),
    table: (columns, rows) => formatTable(columns, rows, paint),
    fields: (fields) => formatFields(fields, paint),
    paint,
  };
}
