import { expect, test } from "vitest";
import { type Plan, readOptions } from "./options.ts";
import type { Place } from "./places/place.ts";
import { type Findings, runRounds } from "./rounds.ts";
import type { Scenario } from "./scenario.ts";
import type { Session } from "./session.ts";
import type { System } from "./system.ts";
import { findSystem } from "./systems/catalogue.ts";

const holdfast = findSystem("holdfast@sqlite");

const place: Place = {
  backend: "sqlite",
  version: "3",
  settings: "",
  openRoom: () => Promise.reject(new Error("nothing is stored here")),
  cpuSeconds: async () => 0,
  stop: async () => {},
};

interface Rule extends Partial<Scenario> {
  readonly system?: System;
  readonly form?: Plan["form"];
}

async function run(
  measure: (session: Session) => number,
  { system = holdfast, form = "quick", ...rule }: Rule = {},
): Promise<Findings> {
  const plan = readOptions(["--quick"]);
  if (plan === "help") throw new Error("no help was asked for");
  const scenario: Scenario = {
    id: "worker-memory",
    measures: [{ id: "worker-memory", unit: "MB", better: "lower" }],
    backends: ["sqlite"],
    ...rule,
    measure: async (session) => ({ "worker-memory": measure(session) }),
  };
  const findings: Findings = { samples: [], notRun: [], remarks: [] };
  await runRounds({
    plan: { ...plan, form, scenarios: [scenario], systems: [system] },
    places: new Map([["sqlite", place]]),
    findings,
    say: () => {},
  });
  return findings;
}

const about = { scenario: "worker-memory", backend: "sqlite", system: "holdfast" };

test("what is remarked on while a figure is measured is found with it", async () => {
  const { samples, remarks } = await run((session) => {
    session.remark("had 7 jobs only");
    return 90;
  });
  expect(samples).toMatchObject([{ ...about, round: 1, value: 90 }]);
  expect(remarks).toEqual([{ ...about, text: "had 7 jobs only" }]);
});

test("a failure is found with its reason", async () => {
  const { samples, notRun } = await run(() => {
    throw new Error("no luck");
  });
  expect(samples).toEqual([]);
  expect(notRun).toEqual([{ ...about, reason: "no luck" }]);
});

test("a quick run leaves slow systems out where that is said, and says so", async () => {
  const slow = { system: { ...holdfast, rounds: 1 } };
  expect((await run(() => 1, slow)).samples).toHaveLength(1);
  const { samples, notRun } = await run(() => 1, { ...slow, slowInFull: true });
  expect(samples).toEqual([]);
  expect(notRun).toMatchObject([{ system: "holdfast", reason: "too slow for a quick run" }]);
});

test("a long run leaves peers out of what the usual run has of them", async () => {
  const peer = { form: "long", system: { ...holdfast, name: "pg-boss" } } as const;
  expect((await run(() => 1, peer)).samples).toHaveLength(1);
  const { samples, notRun } = await run(() => 1, { ...peer, ofInLong: "holdfast" });
  expect(samples).toEqual([]);
  expect(notRun).toMatchObject([{ system: "pg-boss", reason: "the usual run has its figures" }]);
  const ours = { form: "long", ofInLong: "holdfast" } as const;
  expect((await run(() => 1, ours)).samples).toHaveLength(1);
});
