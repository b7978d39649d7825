import { describe, expect, test } from "vitest";
import { madeUpRun, madeUpSamples } from "./made-up-run.ts";
import { markdownComparison } from "./markdown-table.ts";
import { summarise } from "./summary.ts";
import { comparisonTables } from "./table.ts";
import { terminalTable } from "./terminal-table.ts";

const samples = [
  ...madeUpSamples("drain-1", {
    holdfast: [70_000, 80_000],
    "graphile-worker:batch": [35_000, 30_000],
    "graphile-worker:big": [30_000, 40_000],
    "pg-boss": [20_000, 20_000],
  }),
  ...madeUpSamples("enqueue-1", { holdfast: [2_500], "pg-boss": [1_000] }),
];
const refusal = {
  scenario: "enqueue-1",
  backend: "postgres",
  system: "graphile-worker:batch",
  reason: "it | said\nno",
};
const boss = { scenario: "enqueue-1", backend: "postgres", system: "pg-boss" };
const remarks = ["had 400,000 jobs only", "had 400,000 jobs only", "was late"];
const [table] = comparisonTables(
  summarise(
    madeUpRun(
      samples,
      [refusal],
      remarks.map((text) => ({ ...boss, text })),
    ),
  ),
);
if (table === undefined) throw new Error("there is a table for PostgreSQL");

describe("a table of all systems", () => {
  test("has a column for each, presets together, and scenarios in one order", () => {
    expect(table.systems).toEqual(["holdfast", "graphile-worker", "pg-boss"]);
    expect(table.rows.map(({ title }) => title)).toEqual([
      "enqueue, 1 caller (jobs/s)",
      "drain of 100k, 1 process (jobs/s)",
    ]);
  });

  test("has figure and ratio in each cell, with their spread", () => {
    const drain = table.rows[1]?.cells;
    expect(drain).toEqual([
      { value: "75.0k", detail: "[70.0k-80.0k]" },
      { value: "37.5k", detail: "2.0x" },
      { value: "20.0k", detail: "3.8x [3.5-4.0]" },
    ]);
  });

  test("names what was not run, and why", () => {
    expect(table.rows[0]?.cells[1]).toEqual({ value: "not run", detail: "" });
    expect(table.notes[0]).toBe("graphile-worker:batch was not run in enqueue-1: it | said\nno");
  });

  test("has remarks beside the figure they are about, each once", () => {
    expect(table.rows[0]?.cells[2]).toMatchObject({
      value: "1,000",
      remark: "had 400,000 jobs only; was late",
    });
    expect(table.rows[1]?.cells[2]).not.toHaveProperty("remark");
    expect(markdownComparison(table)).toContain(
      "| 1,000<br>**2.5x**<br>had 400,000 jobs only; was late |",
    );
  });

  test("becomes a Markdown table whose cells cannot break it", () => {
    const lines = markdownComparison(table).split("\n");
    expect(lines[1]).toBe("|---|--:|--:|--:|");
    expect(lines[3]).toContain("| 20.0k<br>**3.8x** [3.5-4.0] |");
    expect(lines).toContain("- graphile-worker:batch was not run in enqueue-1: it \\| said no");
  });

  test("lines up on the terminal", () => {
    const lines = terminalTable(table).split("\n");
    const figures = lines.find((line) => line.startsWith("drain of"));
    const ratios = lines[lines.indexOf(figures ?? "") + 1];
    expect(figures).toMatch(/75\.0k +37\.5k +20\.0k$/);
    expect(ratios).toMatch(/\[70\.0k-80\.0k\] +2\.0x +3\.8x \[3\.5-4\.0\]$/);
    expect(ratios?.length).toBe(figures?.length);
  });
});
