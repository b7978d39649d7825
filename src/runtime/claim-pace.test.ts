import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ClaimPace, createClaimPace } from "./claim-pace.ts";
import type { IdleMark } from "./idle-mark.ts";

let mark: { taken: number; dropped: number; relied: boolean; onTaken: () => void };
let again: number;
let pace: ClaimPace;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["hrtime", "performance"] });
  mark = { taken: 0, dropped: 0, relied: false, onTaken: () => {} };
  again = 0;
  const idleMark: IdleMark = {
    take(onTaken) {
      mark.taken += 1;
      mark.onTaken = onTaken;
    },
    drop: () => void (mark.dropped += 1),
    lose: () => {},
    relied: () => mark.relied,
  };
  pace = createClaimPace({ pollMs: 1_000, idleMark, again: () => void (again += 1) });
});
afterEach(() => void vi.useRealTimers());

function look(jobs: number, asked = 10): number {
  pace.looking();
  pace.found(jobs, asked);
  return pace.rest();
}

test("it begins hungry, and stays so while looks find jobs", () => {
  expect(pace.hungry()).toBe(true);
  look(3);
  expect(pace.hungry()).toBe(true);
  look(0);
  expect(pace.hungry()).toBe(false);
});

test("there is plenty after a look that was filled, until one is not", () => {
  expect(pace.plenty()).toBe(false);
  look(10);
  expect(pace.plenty()).toBe(true);
  look(9);
  expect(pace.plenty()).toBe(false);
});

test("a claim that was filled is followed at once, one that was not after jobs could gather", () => {
  expect(look(10)).toBe(0);
  expect(look(3)).toBe(2);
});

test("looks that find nothing grow rarer up to the poll, and fifteen times rarer while hints can be relied on", () => {
  expect([look(0), look(0), look(0)]).toEqual([25, 50, 100]);
  for (let looks = 0; looks < 9; looks += 1) look(0);
  expect(look(0)).toBe(1_000);
  mark.relied = true;
  for (let looks = 0; looks < 9; looks += 1) look(0);
  expect(look(0)).toBe(15_000);
});

test("a hint makes a look due at once; one that came during a look is not forgotten", () => {
  look(0);
  pace.hurry();
  expect(pace.rest()).toBeLessThanOrEqual(0);
  pace.looking();
  pace.hurry();
  pace.found(0, 10);
  expect([pace.hungry(), pace.rest()]).toEqual([true, 0]);
});

test("who finds nothing takes the mark, and looks once more when it is there", () => {
  look(0);
  expect(mark.taken).toBe(1);
  mark.onTaken();
  expect(again).toBe(1);
});

test("who finds plenty, or something ten times in a row, drops it", () => {
  look(10);
  expect(mark.dropped).toBe(1);
  for (let looks = 0; looks < 9; looks += 1) look(1);
  expect(mark.dropped).toBe(2);
});

test("hints that lead to nothing ten times are not asked for during five seconds", () => {
  for (let looks = 0; looks < 10; looks += 1) {
    pace.hurry();
    look(0);
  }
  const { taken } = mark;
  expect(mark.dropped).toBe(1);
  look(0);
  expect(mark.taken).toBe(taken);
  vi.advanceTimersByTime(5_001);
  look(0);
  expect(mark.taken).toBe(taken + 1);
});

test("hints that come while nobody can look, ten in a row, are not asked for until somebody can", () => {
  look(1);
  for (let hints = 0; hints < 9; hints += 1) pace.hurry();
  expect(mark.dropped).toBe(0);
  pace.hurry();
  expect(mark.dropped).toBe(1);
  pace.looking();
  pace.hurry();
  expect(mark.dropped).toBe(1);
  pace.found(0, 10);
  expect(mark.taken).toBe(1);
});
