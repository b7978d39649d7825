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
  foundMore: () => {},
};

function open(concurrency: number, running: number, queues = new Map([["a", concurrency]])) {
  const slots = createSlots(concurrency, queues);
  for (let id = 1; id <= running; id += 1) occupy(slots, String(id));
  const parts = {
    slots,
    pace,
    owner: "7",
    clock: createManualClock(),
    handlers: () => ({ noop: 1 }),
    capped: { has: (queue: string) => queue === "capped" },
  };
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

  test("beside another asks for what that one may not fill, so that no place is asked for twice", () => {
    const claims = open(10, 6);
    claims.begin({ leaving: ["a", "a"] });
    const beside = claims.begin({ leaving: ["a", "a", "a"] });
    expect(beside?.limit).toBe(3);
    expect(beside?.queues).toEqual([{ queue: "a", limit: 3 }]);
  });

  test("beside another asks for free places of other queues, and of its own once they are free", () => {
    const both = new Map([
      ["a", 6],
      ["b", 4],
    ]);
    const claims = open(10, 6, both);
    const first = claims.begin({ leaving: ["a"] });
    expect(new Map(first?.queues.map(({ queue, limit }) => [queue, limit]))).toEqual(
      new Map([
        ["a", 1],
        ["b", 4],
      ]),
    );
    expect(claims.begin({ leaving: ["a"] })?.queues, "the places of b are promised").toEqual([
      { queue: "a", limit: 1 },
    ]);
    if (first !== undefined) claims.end(first, nothing);
    expect(claims.begin()?.queues).toEqual([{ queue: "b", limit: 4 }]);
  });

  test("is not made beside another that asked for every place, nor a third", () => {
    const claims = open(10, 6);
    claims.begin();
    expect(claims.begin()).toBeUndefined();
    expect(claims.begin({ leaving: ["a"] })).toBeDefined();
    expect(claims.begin({ leaving: ["a"] })).toBeUndefined();
  });

  test("leaves their places to jobs that have yet to begin", () => {
    const claims = open(10, 6);
    const beginning = ["a", "a", "a", "a"];
    expect(claims.begin({ beginning })).toBeUndefined();
    expect(claims.begin({ leaving: ["a"], beginning })?.limit).toBe(1);
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

describe("a queue that is claimed from apart", () => {
  const queues = new Map([
    ["a", 5],
    ["capped", 5],
  ]);

  test("is left out of the other claims", () => {
    const asked = open(10, 0, queues)
      .begin()
      ?.queues.map(({ queue }) => queue);
    expect(asked).toEqual(["a"]);
    expect(
      open(10, 0, new Map([["capped", 5]])).begin(),
      "and alone it is nothing",
    ).toBeUndefined();
  });

  test("keeps its places from other claims until its own has ended", () => {
    const claims = open(6, 0, queues);
    const kept = claims.reserve("capped", []);
    expect(kept?.limit).toBe(5);
    const request = claims.begin();
    expect(request?.limit).toBe(1);
    expect(claims.reserve("capped", []), "no place is left").toBeUndefined();
    kept?.free();
    expect(claims.reserve("capped", ["capped"])?.limit).toBe(4);
  });
});
