import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Metric, metricCatalogue } from "../../src/http/metric-names.ts";
import { readTables, unquote } from "../support/markdown-tables.ts";

const page = "guides/monitoring.md";
const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");

test("docs/guides/monitoring.md lists every metric with its type, labels and help, in order, and no other", () => {
  const documented = readTables(page)
    .get("Metrics")
    ?.map(([name, type, labels = "", help]) => [
      unquote(name),
      {
        type,
        labels: labels
          .split(" ")
          .filter((label) => label !== "")
          .map(unquote),
        help,
      },
    ]);
  expect(documented).toEqual(Object.entries(metricCatalogue));
});

test("the guides name no metric that is not there, nor a label one does not have", () => {
  const text = read(page) + read("guides/kubernetes.md");
  const metrics: ReadonlyMap<string, Metric> = new Map(Object.entries(metricCatalogue));
  const metricNamed = (name: string) =>
    metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ""));
  const named = [...text.matchAll(/\b(holdfast_\w+)(?:\{(\w+)=)?/g)];
  expect(named.length).toBeGreaterThan(metrics.size + 10);
  const unknown = named
    .filter(([, name = "", label]) => {
      const labels: readonly string[] = metricNamed(name)?.labels ?? [];
      return metricNamed(name) === undefined || (label !== undefined && !labels.includes(label));
    })
    .map(([whole]) => whole);
  expect(unknown).toEqual([]);
});
