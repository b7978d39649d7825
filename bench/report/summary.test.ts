import { describe, expect, test } from "vitest";
import { madeUpRun, madeUpSamples } from "./made-up-run.ts";
import { summarise } from "./summary.ts";

function resultsOf(...samples: Parameters<typeof madeUpSamples>) {
  return summarise(madeUpRun(madeUpSamples(...samples))).results;
}

describe("the summary of a run", () => {
  test("has one element for each system, with median, smallest and largest over the rounds", () => {
    const results = resultsOf("drain-1", { holdfast: [30, 10, 20], "pg-boss": [5, 7] });
    expect(results).toMatchObject([
      { scenario: "drain-1", system: "holdfast", median: 20, min: 10, max: 30 },
      { scenario: "drain-1", system: "pg-boss", median: 6, min: 5, max: 7, ratios: {} },
    ]);
  });

  test("matches ratios by round and leaves out rounds that one of both lacks", () => {
    const [ours] = resultsOf("drain-1", { holdfast: [30, 10, 20], "pg-boss": [10, 5] });
    expect(ours?.ratios).toEqual({ "pg-boss": { median: 2.5, min: 2, max: 3 } });
  });

  test("compares with each preset, and under the plain name with the better one of each round", () => {
    const figures = {
      holdfast: [60, 60],
      "graphile-worker:batch": [20, 30],
      "graphile-worker:big": [30, 10],
    };
    const [ours] = resultsOf("drain-1", figures);
    expect(ours?.ratios).toEqual({
      "graphile-worker": { median: 2, min: 2, max: 2 },
      "graphile-worker:batch": { median: 2.5, min: 2, max: 3 },
      "graphile-worker:big": { median: 4, min: 2, max: 6 },
    });
  });

  test("takes the smaller figure of two presets where lower is better", () => {
    const figures = { holdfast: [2], "graphile-worker:batch": [4], "graphile-worker:big": [8] };
    const [ours] = resultsOf("latency-idle-p50", figures, { better: "lower" });
    expect(ours?.ratios["graphile-worker"]?.median).toBe(0.5);
  });

  test("sets Redis beside PostgreSQL, and SQLite apart", () => {
    const samples = [
      ...madeUpSamples("drain-1", { holdfast: [40], "bullmq-redis@redis": [10] }),
      ...madeUpSamples("drain-1", { holdfast: [9], plainjob: [3] }, { backend: "sqlite" }),
    ];
    const ratios = summarise(madeUpRun(samples)).results.map((one) => Object.keys(one.ratios));
    expect(ratios).toEqual([["bullmq-redis"], [], ["plainjob"], []]);
  });

  test("has no ratio to a peer that did nothing", () => {
    const [ours] = resultsOf("idle-statements-1", { holdfast: [40], "pg-boss": [0] });
    expect(ours?.ratios).toEqual({});
  });
});
