import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { channelNames } from "../../src/runtime/attempt-channels.ts";
import { attributes, batchEvent, metrics, spans } from "../../src/telemetry/names.ts";
import { readTables, unquote } from "../support/markdown-tables.ts";
import { SourceTree } from "./architecture/source-tree.ts";
import { root } from "./docs/pages.ts";

const tables = readTables("telemetry.md");
const rows = (heading: string) =>
  (tables.get(heading) ?? []).map((row) => row.map((cell) => unquote(cell)));

describe("docs/telemetry.md", () => {
  test("lists the spans of the code, with their kinds, and no other", () => {
    const documented = rows("Spans").map(([name, kind]) => [name, kind]);
    expect(documented).toEqual(Object.values(spans).map(({ name, kind }) => [name, kind]));
  });

  test("lists the attributes of the code and no other", () => {
    const documented = rows("Attributes").map(([name]) => name);
    expect(documented).toEqual(Object.values(attributes));
  });

  test("lists the metrics of the code, with kind, unit and meaning, and no other", () => {
    const coded = Object.values(metrics).map(({ name, kind, unit, description }) => [
      name,
      kind,
      unit,
      description,
    ]);
    expect(rows("Metrics")).toEqual(coded);
  });

  test("lists the diagnostics channels of the code and no other, and names the batch's event", () => {
    expect(rows("Diagnostics channels").map(([name]) => name)).toEqual(channelNames);
    expect(readFileSync(`${root}docs/telemetry.md`, "utf8")).toContain(`\`${batchEvent}\``);
  });
});

test("no source but names.ts writes a name of the conventions down", () => {
  const written = SourceTree.read(root)
    .sources()
    .filter(({ path }) => path !== "src/telemetry/names.ts")
    .filter(({ path }) => /["'`](messaging|error)\.\w+/.test(readFileSync(root + path, "utf8")));
  expect(written.map(({ path }) => path)).toEqual([]);
});
