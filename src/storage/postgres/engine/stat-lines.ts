import { linesOfSettled, type StatLine } from "../../../core/stat-line.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { idOf } from "../rows.ts";
import { numberArray, textArray } from "./array-literal.ts";

/** How many parameters lines take. */
const lineParamCount = 4;

/** The parameters that bring lines, side by side: minutes, queues, names, tallies. */
export function lineParams(lines: readonly StatLine[]): readonly unknown[] {
  return [
    numberArray(lines.map(({ at }) => at)),
    textArray(lines.map(({ queue }) => queue)),
    textArray(lines.map(({ name }) => name)),
    textArray(lines.map(({ tally }) => tally)),
  ];
}

/**
 * The function that counts what a call finishes, and the parameters that bring its lines. Mostly there is one, which comes without
 * lists.
 */
export function countedEnds(lines: readonly StatLine[]) {
  const [line] = lines;
  if (line === undefined || lines.length > 1)
    return { by: "counted_ends", params: lineParams(lines) } as const;
  return { by: "counted_end", params: [line.at, line.queue, line.name, line.tally] } as const;
}

/** A call that writes the lines of the parameters after the first `offset`, and gives what `value` does. */
export function notedCall(
  schema: string,
  value: string,
  offset: number,
  by: "noted" | "counted_end" | "counted_ends" = "noted",
): string {
  const places = Array.from({ length: lineParamCount }, (_, index) => `$${offset + index + 1}`);
  return `${schema}.${by}(${value}, ${places.join(", ")})`;
}

/** The parameters that bring each settlement's own lines, so that those of the refused are left out: ids come first. */
export function settledLineParams(
  settlements: readonly Settlement[],
  now: number,
): readonly unknown[] {
  const lines = settlements.flatMap((each) =>
    linesOfSettled([each], now).map((line) => ({ id: idOf(each.lease.id), line })),
  );
  return [numberArray(lines.map(({ id }) => id)), ...lineParams(lines.map(({ line }) => line))];
}

/**
 * The step that writes them for the jobs which the step `job` gives the ids of. Texts of tallies next to each other are one
 * tally. Index walked: none, one is written.
 */
export function settledLines(schema: string, offset: number): string {
  const at = (place: number) => `$${offset + place}`;
  return `INSERT INTO ${schema}.stat_line (at, queue, name, tally)
      SELECT line.at, line.queue, line.name, string_agg(line.tally, ' ')
      FROM unnest(${at(1)}::bigint[], ${at(2)}::bigint[], ${at(3)}::text[], ${at(4)}::text[], ${at(5)}::text[])
        AS line(id, at, queue, name, tally)
      WHERE line.id IN (SELECT id FROM job) GROUP BY 1, 2, 3`;
}
