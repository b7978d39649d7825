import { describe, expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAbort } from "./abort.ts";
import type { ClaimPace } from "./claim-pace.ts";
import { createClaims } from "./claims.ts";
import { createSlots, type Slots } from "./slots.ts";

const pace: ClaimPace = {
  hungry: () => true,
  plenty: () => true,
  looking: () => {},
  rest: () => 0,
  hurry: () => {},
  found: () => {},
};

function open(concurrency: number, running: number) {
  const slots = createSlots(concurrency, new Map([["a", concurrency]]));
  for (let id = 1; id <= running; id += 1) occupy(slots, String(id));
  const parts = { slots, pace, owner: "7", clock: createManualClock(), handlers: { noop: 1 } };
  return createClaims(parts);
}

function occupy(slots: Slots, id: string): void {
  const lease = { id, owner: "7", run: 1 };
  slots.take({ lease, queue: "a", abort: createAbort(), ending: { written: false } });
}

const nothing = { jobs: [], floors: {} };

describe("a claim", () => {
  test("asks for every place that is free once the jobs that leave have left", () => {
    const claims = open(10, 6);
    expect(claims.begin({ leaving: ["a", "a"] })?.limit).toBe(6);
  });

  test("beside another asks for the places of its own jobs alone, so that no place is asked for twice", () => {
    const claims = open(10, 6);
    claims.begin({ leaving: ["a", "a"] });
    const beside = claims.begin({ leaving: ["a", "a", "a"] });
    expect(beside?.limit).toBe(3);
    expect(beside?.queues).toEqual([{ queue: "a", limit: 3 }]);
  });

  test("beside another that brings no places along is not made, nor a third", () => {
    const claims = open(10, 6);
    claims.begin();
    expect(claims.begin()).toBeUndefined();
    expect(claims.begin({ leaving: ["a"] })).toBeDefined();
    expect(claims.begin({ leaving: ["a"] })).toBeUndefined();
  });

  test("while claimed jobs have yet to begin leaves the free places to them", () => {
    const claims = open(10, 6);
    expect(claims.begin({ beginning: true })).toBeUndefined();
    expect(claims.begin({ leaving: ["a"], beginning: true })?.limit).toBe(1);
  });
});

test("claims have ended when the last of them has", async () => {
  const claims = open(10, 6);
  const [first, second] = [claims.begin(), claims.begin({ leaving: ["a"] })];
  if (first === undefined || second === undefined) throw new Error("no request");
  let over = false;
  const ended = claims.ended().then(() => (over = true));
  claims.end(first, nothing);
  claims.end(first, nothing);
  await Promise.resolve();
  expect(over).toBe(false);
  claims.end(second, undefined);
  await ended;
});
