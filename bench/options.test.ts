import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { type Phase, readOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

function planOf(...args: readonly string[]) {
  const plan = readOptions(args);
  if (plan === "help") throw new Error("no help was asked for");
  return plan;
}

const secondsOf = (plan: ReturnType<typeof planOf>, phase: Phase) =>
  Object.fromEntries(
    plan.systems.map((system) => [system.name, plan.steadySeconds(system, phase)] as const),
  );

describe("the options of npm run bench", () => {
  test("are sizes for a whole run, unless said otherwise", () => {
    expect(planOf()).toMatchObject({ form: "usual", rounds: 3, jobs: 100_000, save: false });
    for (const phase of ["steady", "pinned"] as const) {
      const seconds = secondsOf(planOf(), phase);
      expect(seconds).toMatchObject({ holdfast: 60, "pg-boss": 60, sidequest: 60 });
    }
    const given = planOf("--rounds", "2", "--jobs", "5000", "--seconds", "7", "--save");
    expect(given).toMatchObject({ rounds: 2, jobs: 5_000, save: true });
    expect(secondsOf(given, "pinned")).toMatchObject({ holdfast: 7, "pg-boss": 7 });
  });

  test.for([
    [["--long"]],
    [["--scenario", "pinned", "--long", "--save"]],
    [["--scenario", "steady", "--long"]],
    [["--scenario", "steady,pinned", "--long"]],
  ] as const)("%s measures pinned and its clean side, and nothing else", ([args]) => {
    const plan = planOf(...args);
    expect(plan.scenarios.map(({ id }) => id)).toEqual(["steady", "pinned"]);
    expect(plan.measures.size).toBe(10);
    const peers = { "pg-boss": 300, sidequest: 300 };
    expect(secondsOf(plan, "pinned")).toMatchObject({ holdfast: 1_800, ...peers });
    expect(secondsOf(plan, "steady")).toMatchObject({ holdfast: 300, ...peers });
  });

  test("--long with a single figure measures that figure pinned and clean", () => {
    const { measures } = planOf("--scenario", "pinned-p99", "--long");
    expect([...measures]).toEqual(["steady-p99", "pinned-p99"]);
  });

  test.for([
    [["--seconds", "0"], "--seconds must be a whole number of at least 1"],
    [["--rounds", "1.5"], "--rounds must be a whole number"],
    [["--jobs", "many"], "--jobs must be a whole number"],
    [["--scenario", "nope"], 'there is no scenario "nope"'],
    [["--scenario", ","], "--scenario names nothing"],
    [["--systems", "nope"], 'there is no system "nope"'],
    [["--systems", ","], "--systems names nothing"],
    [["--long", "--quick"], "exclude each other"],
    [["--long", "--seconds", "9"], "exclude each other"],
    [["--long", "--scenario", "drain-1"], "--long is for pinned and steady; got drain-1"],
    [["--json", "/no/such/folder/x.json"], "there is no folder /no/such/folder"],
    [["--json", tmpdir()], "--json must name a file"],
    [["--json", ""], "--json must name a file"],
    [["--bogus"], "Unknown option"],
    [["extra"], "Unexpected argument"],
  ] as const)("%s is refused before anything is measured", ([args, words]) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(words);
  });
});
