import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../../test/conformance/eventually.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { createAbort } from "./abort.ts";
import { type CappedClaimer, startCappedClaimer } from "./capped-claimer.ts";
import type { CappedCatch } from "./capped-queues.ts";
import type { Claims } from "./claims.ts";
import { createSlots, type Slots } from "./slots.ts";

/** A worker's only place, and what its capped claimer finds and does. */
interface Bench {
  readonly slots: Slots;
  readonly marks: string[];
  capped: readonly string[];
  handlers: Readonly<Record<string, number>>;
  next: CappedCatch["next"];
  looks: number;
  reserve: Claims["reserve"];
}

let bench: Bench;
let claimer: CappedClaimer;

beforeEach(() => {
  bench = openBench();
  claimer = startCappedClaimer({
    logger: recordingLogger(),
    slots: bench.slots,
    capped: {
      has: (queue) => bench.capped.includes(queue),
      shared: () => true,
      follow() {},
      async claim() {
        bench.looks += 1;
        return { jobs: [], next: bench.next };
      },
    },
    reserve: (...place) => bench.reserve(...place),
    starter: { start() {}, beginning: () => [], stalled: () => false, begun: async () => {} },
    runner: { release: async () => {} },
    handlers: () => bench.handlers,
    pollMs: 60_000,
    idleMark: {
      take: () => void bench.marks.push("taken"),
      drop: () => void bench.marks.push("dropped"),
      lose: () => {},
      relied: () => false,
    },
  });
});

function openBench(): Bench {
  const slots = createSlots(1, new Map([["mail", 1]]));
  return {
    slots,
    marks: [],
    capped: ["mail"],
    handlers: { job: 1 },
    next: "none",
    looks: 0,
    reserve(_queue, _beginning, wanted) {
      const { limit } = wanted === undefined ? slots.capacity() : wanted.room({});
      return limit > 0 ? { limit, free() {} } : undefined;
    },
  };
}

afterEach(() => claimer.stop());

/** Gives the only place to a job of another queue, and waits until this claimer wants it next. */
async function untilPlaceIsWanted(): Promise<() => void> {
  const { slots } = bench;
  slots.serve(
    new Map([
      ["mail", 1],
      ["other", 1],
    ]),
  );
  const lease = { id: "1", owner: "7", run: 1 };
  const ending = { written: false };
  const slot = slots.take({ lease, queue: "other", abort: createAbort(), ending });
  claimer.wake();
  await eventually("the place is wanted", () => free({ leaving: ["other"] }) === 0);
  return () => slot.free();
}

const free = (expected = {}) => bench.slots.capacity(expected).limit;

test("a place it waits for is left to others once its queue has no maxRunning", async () => {
  const leave = await untilPlaceIsWanted();
  bench.capped = [];
  claimer.wake();
  leave();
  await eventually("the place is free", () => free() === 1);
});

test("and once no handler is left to run jobs one by one", async () => {
  const leave = await untilPlaceIsWanted();
  bench.handlers = {};
  claimer.wake();
  leave();
  await eventually("the place is free", () => free() === 1);
});

test("where all queues have a maxRunning it says that the worker waits, and that it does not when there is more to take", async () => {
  await eventually("it waits", () => bench.marks.at(-1) === "taken");
  bench.next = "busy";
  const { looks } = bench;
  const said = bench.marks.length;
  await eventually("others claim", () => bench.looks > looks + 1);
  expect(bench.marks.slice(said)).not.toContain("dropped");
  bench.next = "refused";
  claimer.wake();
  await eventually("it may not take more", () => bench.marks.at(-1) === "dropped");
});

test("a place that comes free just when it has found none is looked at", async () => {
  const { reserve } = bench;
  await eventually("it waits", () => bench.marks.at(-1) === "taken");
  const { looks } = bench;
  bench.reserve = () => {
    bench.reserve = reserve;
    queueMicrotask(() => claimer.placesChanged());
    return undefined;
  };
  claimer.wake();
  await eventually("it looks again", () => bench.looks > looks);
});
