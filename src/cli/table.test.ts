import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { type Column, formatFields, formatTable } from "./table.ts";

interface Row {
  readonly name: string;
  readonly jobs: number;
  readonly note: string | null;
}

const columns: readonly Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "JOBS", cell: ({ jobs }) => jobs, colour: ({ jobs }) => (jobs > 9 ? "red" : undefined) },
  { title: "NOTE", cell: ({ note }) => note },
];
const rows: readonly Row[] = [
  { name: "emails", jobs: 7, note: null },
  { name: "x", jobs: 12_345, note: "slow" },
];

test("columns are as wide as their widest cell, numbers to the right", () => {
  expect(formatTable(columns, rows).split("\n")).toEqual([
    "NAME     JOBS  NOTE",
    "emails      7",
    "x       12345  slow",
  ]);
});

test("colours take no place, and are only where there is a terminal that wants them", () => {
  const painted = formatTable(columns, rows, createPaint(true, {}));
  expect(painted).toContain("\u001B[31m12345\u001B[0m");
  const bare = painted.replace(/\u001B\[\d+m/g, "");
  expect(bare.split("\n").map((line) => line.trimEnd())).toEqual(
    formatTable(columns, rows).split("\n"),
  );
  for (const [isTerminal, env] of [
    [false, {}],
    [true, { NO_COLOR: "1" }],
    [true, { TERM: "dumb" }],
  ] as const) {
    expect(formatTable(columns, rows, createPaint(isTerminal, env))).not.toContain("\u001B");
  }
});

test("what the database holds cannot speak to the terminal", () => {
  const [hostile] = formatTable(columns, [{ name: "a\u001B[2Jb\nc\td", jobs: 1, note: "\u202Ex" }])
    .split("\n")
    .slice(1);
  expect(hostile).toBe("a\\u001b[2Jb\\nc\\td     1  \\u202ex");
});

test("fields stand below each other; those without a value are left out", () => {
  const fields = [
    ["Job", "7"],
    ["Queue", "emails"],
    ["Worker", null],
  ] as const;
  expect(formatFields(fields)).toBe("Job:    7\nQueue:  emails");
});
