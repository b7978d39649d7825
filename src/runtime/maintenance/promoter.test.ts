import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import { createBookings } from "../../service/bookings.ts";
import type { Engine } from "../../service/engine.ts";
import type { Agenda, PromoteAnswer } from "../../storage/contract/maintain.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createPassBook } from "./pass-book.ts";
import type { PassParts } from "./pass.ts";
import { startPromoter } from "./promoter.ts";

// The manual clock takes real turns of the event loop.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const pollMs = 1_000;
const nothing: PromoteAnswer = {
  rows: 0,
  more: false,
  queues: [],
  gates: [],
  nextDueAt: null,
  nextTickAt: null,
  waiting: false,
  operating: false,
};

/** A promoter on a storage that answers as the test says. */
function start(first = nothing, poll = pollMs) {
  const clock = createManualClock(0);
  const bookings = createBookings();
  const seen = {
    promotions: 0,
    woken: [] as (readonly string[])[],
    agendas: [] as Agenda[],
    answer: first,
  };
  const storage = {
    promoteJobs: async () => {
      seen.promotions += 1;
      return seen.answer;
    },
    wake: async (queues: readonly string[]) => void seen.woken.push(queues),
  };
  const passes = createPassBook();
  const engine = { storage, clock, bookings, logger: recordingLogger(), passes };
  const promoter = startPromoter(engine as unknown as Engine & PassParts, {
    poll: () => poll,
    onAgenda: (agenda) => void seen.agendas.push(agenda),
  });
  return { clock, bookings, seen, promoter };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("it looks once per poll, wakes the queues that got work, and goes on at once while there is more", async () => {
  const { seen, promoter } = start({ ...nothing, rows: 500, more: true, queues: ["a"] });
  seen.answer = nothing;
  await pass(0);
  expect(seen.woken).toEqual([["a"]]);
  expect(seen.promotions).toBe(2);
  await pass(pollMs);
  expect(seen.promotions).toBe(3);
  await promoter.stop();
});

test("it looks when the next job known is due, by the injected clock", async () => {
  const { clock, seen, promoter } = start({ ...nothing, nextDueAt: 300 });
  await pass(0);
  await clock.advance(299);
  expect(seen.promotions).toBe(1);
  seen.answer = nothing;
  await clock.advance(1);
  expect(seen.promotions).toBe(2);
  await promoter.stop();
});

test("a booking for sooner than it expected is heard, one for later changes nothing", async () => {
  const { clock, bookings, seen, promoter } = start();
  await pass(0);
  bookings.add(500);
  bookings.add(200);
  bookings.add(400);
  await clock.advance(200);
  expect(seen.promotions).toBe(2);
  bookings.add(clock.now());
  await pass(0);
  expect(seen.promotions).toBe(3);
  await promoter.stop();
  bookings.add(clock.now());
  await pass(pollMs);
  expect(seen.promotions).toBe(3);
});

test("due jobs that others have locked are looked for soon, and not in a spin", async () => {
  const { seen, promoter } = start({ ...nothing, nextDueAt: 0 });
  await pass(200);
  expect(seen.promotions).toBe(5);
  await promoter.stop();
});

test("each look tells what else there is to do", async () => {
  const { seen, promoter } = start();
  await pass(0);
  expect(seen.agendas).toEqual([nothing]);
  seen.answer = { ...nothing, nextTickAt: 7_000, waiting: true, operating: true };
  await pass(pollMs);
  expect(seen.agendas.slice(1)).toEqual([seen.answer]);
  await promoter.stop();
});

test("however long the poll, it looks often enough for an operation to go on within a minute", async () => {
  const { seen, promoter } = start(nothing, 450_000);
  await pass(50_000);
  expect(seen.promotions).toBe(2);
  await promoter.stop();
});
