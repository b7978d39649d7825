import { expect, test } from "vitest";
import { atGate } from "./explain-gate.ts";
import type { Job } from "./job.ts";
import { parseRate } from "./rate.ts";
import type { GateFacts } from "./surroundings.ts";
import type { WorkerRecord } from "./worker-record.ts";

const now = 60_000;
const gate = "limit:api:7";
const facts: GateFacts = {
  holders: [],
  held: 0,
  concurrent: null,
  rate: null,
  fullAt: null,
  declared: true,
};

function at(given: Partial<GateFacts> | null, job: Partial<Job> = {}) {
  const waiting = { waitingFor: gate, gates: [{ gate, weight: 1 }], ...job } as Job;
  const workers = [{ id: "3", host: "mail-1" } as WorkerRecord];
  const known = given === null ? null : { ...facts, ...given };
  const around = { ahead: 2, recent: null, gate: known, keyHolder: null, loads: {} };
  return atGate(waiting, { around, workers, now });
}

test("what holds it is told with the workers and hosts that are known", () => {
  const holders = [
    { job: "1", worker: "3" },
    { job: "2", worker: "4" },
  ];
  expect(at({ holders, held: 2, concurrent: 2 })).toEqual({
    kind: "blocked",
    gate,
    holders: ["1", "2"],
    heldBy: [
      { job: "1", worker: "3", host: "mail-1" },
      { job: "2", worker: "4", host: null },
    ],
    ahead: 2,
  });
});

test("without facts it is blocked, and no more is said", () => {
  expect(at(null)).toMatchObject({ kind: "blocked", holders: [], ahead: 2 });
  expect(at(null, { waitingFor: null, gates: [] })).toEqual({
    kind: "blocked",
    gate: null,
    holders: [],
    heldBy: [],
    ahead: 2,
  });
});

test("a limit nobody declared lets nobody in", () => {
  expect(at({ declared: false })).toEqual({ kind: "limit-undeclared", scope: "api" });
});

test("a rate says when it has tokens, unless room is what is missing", () => {
  const rate = parseRate("1/1m", "rate");
  const empty = { rate, fullAt: (now + 30_000) * 1_000 };
  expect(at(empty)).toEqual({ kind: "rate-limited", gate, until: now + 30_000, ahead: 2 });
  expect(at({ ...empty, concurrent: 1, held: 1 })).toMatchObject({ kind: "blocked" });
  expect(at({ rate })).toMatchObject({ kind: "blocked" });
  expect(at({})).toMatchObject({ kind: "blocked" });
});

test("a job whose gates are not told weighs one, and one that weighs more than all there is fits alone", () => {
  expect(at({ concurrent: 1, held: 0 }, { gates: [] })).toMatchObject({ kind: "blocked" });
  const rate = parseRate("5/1m", "rate");
  const heavy = { gates: [{ gate, weight: 5 }] };
  expect(at({ concurrent: 3, held: 0, rate, fullAt: (now + 1) * 1_000 }, heavy)).toMatchObject({
    kind: "rate-limited",
  });
});
