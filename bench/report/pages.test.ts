import { describe, expect, test } from "vitest";
import { chartOf } from "./chart.ts";
import { hasBars } from "./chart-data.ts";
import { fillBlocks } from "./generated-blocks.ts";
import { madeUpRun, madeUpSamples } from "./made-up-run.ts";
import { type NamedRun, performanceBlocks, shownRuns } from "./performance-page.ts";
import { summarise } from "./summary.ts";
import { targets } from "./targets.ts";
import { judge } from "./verdict.ts";

/** Holdfast at 10 everywhere; with `peers` one on each database at 5. */
function completeRun(name: string, peers: boolean): NamedRun {
  const peerOn = { postgres: { "pg-boss": [5] }, sqlite: { plainjob: [5] } };
  const samples = targets.flatMap((target) => {
    const scenarios =
      target.kind === "flatness" ? [target.scenario, target.baseline] : [target.scenario];
    return scenarios.flatMap((scenario) =>
      madeUpSamples(
        scenario,
        { holdfast: [10], ...(peers ? peerOn[target.backend] : {}) },
        { backend: target.backend },
      ),
    );
  });
  return { ...summarise(madeUpRun(samples)), name };
}

describe("the blocks of a page", () => {
  const page = "a\n<!-- bench:begin one -->\nold\n<!-- bench:end one -->\nb\n";

  test("are replaced, and nothing else is", () => {
    const filled = fillBlocks(page, { one: "new $1\n" });
    expect(filled).toBe("a\n<!-- bench:begin one -->\n\nnew $1\n\n<!-- bench:end one -->\nb\n");
    expect(fillBlocks(filled, { one: "new $1" })).toBe(filled);
  });

  test("must be the ones that are written", () => {
    expect(() => fillBlocks(page, { two: "" })).toThrow("the page has the blocks [one]");
    expect(() => fillBlocks(page, {})).toThrow("written are []");
  });
});

describe("the page on performance", () => {
  test("says in every block that nothing is measured while that is so", () => {
    const blocks = performanceBlocks([]);
    expect(new Set(Object.values(blocks)).size).toBe(1);
    expect(Object.keys(blocks)).toEqual(Object.keys(performanceBlocks([completeRun("a", true)])));
  });

  test("shows the newest two complete runs, and a run of one scenario only while there is no other", () => {
    const partial = {
      ...summarise(madeUpRun(madeUpSamples("drain-1", { holdfast: [1] }))),
      name: "p",
    };
    const [a, b, c] = ["a", "b", "c"].map((name) => completeRun(name, true));
    const names = (runs: readonly (NamedRun | undefined)[]) =>
      shownRuns(runs.filter((run) => run !== undefined)).map(({ name }) => name);
    expect(names([a, b, c, partial])).toEqual(["b", "c"]);
    expect(names([partial])).toEqual(["p"]);
  });

  test("never shows a quick run while there is a complete one", () => {
    const quick = completeRun("quick.json", true);
    const settings = { ...quick.machine.settings, run: "quick run: 1 rounds" };
    const whole = completeRun("whole.json", true);
    const shown = shownRuns([whole, { ...quick, machine: { ...quick.machine, settings } }]);
    expect(shown.map(({ name }) => name)).toEqual(["whole.json"]);
  });

  test("lists every target that is missed or not measured", () => {
    const { misses = "", targets: table = "" } = performanceBlocks([completeRun("a", true)]);
    expect(misses).toContain(
      "- MISS: PostgreSQL: drain of 100k, 1 process vs pg-boss, >= 3x: 2.000x",
    );
    expect(misses).toContain(
      "- NOT MEASURED: PostgreSQL: drain of 100k, 1 process vs graphile-worker",
    );
    expect(table.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(
      targets.length + 1,
    );
  });
});

describe("the page's long pin", () => {
  const pinnedRun = (name: string, run: string): NamedRun => {
    const { machine, ...rest } = summarise(
      madeUpRun(madeUpSamples("pinned-throughput", { holdfast: [1_500] })),
    );
    return { ...rest, name, machine: { ...machine, settings: { run } } };
  };

  test("comes from the newest long run, whatever else was measured since", () => {
    const long = pinnedRun("long.json", "long run: 1 rounds");
    const usual = pinnedRun("usual.json", "usual run: 3 rounds");
    const runs = [long, usual, completeRun("a", true)];
    expect(performanceBlocks(runs)["long"]).toMatch(/^From \[long\.json\]/);
    expect(performanceBlocks([usual])["long"]).toBe("The long pin is not measured yet.");
  });
});

test("a long run alone is judged, and shows what is pinned beside what is clean", () => {
  const samples = [
    ...madeUpSamples("steady-throughput", { holdfast: [1_500] }),
    ...madeUpSamples("pinned-throughput", { holdfast: [1_485] }),
    ...madeUpSamples("pinned-live-mb", { holdfast: [151] }, { better: "lower" }),
  ];
  const { machine, ...rest } = summarise(madeUpRun(samples));
  const settings = { run: "long run: 3 rounds, steady 300 s, pinned 1800 or 300 s" };
  const run = { ...rest, name: "long.json", machine: { ...machine, settings } };
  const words = judge(run).map(({ target, word }) => [target.scenario, word] as const);
  expect(words).toContainEqual(["pinned-throughput", "PASS"]);
  expect(words).toContainEqual(["pinned-live-mb", "MISS"]);
  const long = performanceBlocks([run])["long"];
  expect(long).toContain("pinned 1800 or 300 s");
  expect(long).toContain("| throughput (jobs/s) | 1,485 (1,500)<br>**0.99x** |");
});

describe("the chart", () => {
  const svg = chartOf(completeRun("a", true));

  test("tells readers of its text the same ratios", () => {
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc">/);
    expect(svg).toContain("PostgreSQL, enqueue, 1 caller: 2.0x pg-boss.");
    expect(svg).toContain("SQLite, enqueue, 32 callers in one process: 2.0x plainjob.");
  });

  test("is well formed, and runs and loads nothing", () => {
    expect(svg).not.toMatch(/<script|href|url\(|NaN|undefined/);
    const opened = [...svg.matchAll(/<(\w+)[^>]*[^/]>/g)].length;
    expect(opened).toBe([...svg.matchAll(/<\/\w+>/g)].length);
  });

  test("is not drawn without peers, and the page says why", () => {
    const alone = completeRun("a", false);
    expect(hasBars(alone.results)).toBe(false);
    expect(performanceBlocks([alone])["chart"]).toBe("No peer is measured yet.");
  });
});
