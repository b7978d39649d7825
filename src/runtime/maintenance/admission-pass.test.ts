import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import { createBookings } from "../../service/bookings.ts";
import type { Engine } from "../../service/engine.ts";
import type { AdmitPass } from "../../storage/contract/admit.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { startAdmissionPass } from "./admission-pass.ts";
import { createPassBook } from "./pass-book.ts";
import type { PassParts } from "./pass.ts";

// The manual clock takes real turns of the event loop.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const rareMs = 15_000;
const restMs = 300_000;
const answer = { rows: 0, more: false, queues: [], nextAt: null, undeclared: [] };
const nobody: AdmitPass = { ...answer, waiting: false, partial: false };
const somebody: AdmitPass = { ...answer, waiting: true, partial: false };

/** A pass over a storage that answers as the test says. */
function start(first = nobody, gated = false, poll = rareMs) {
  const clock = createManualClock(0);
  const refills = createBookings();
  const seen = {
    passes: 0,
    woken: [] as (readonly string[])[],
    warned: [] as string[],
    answer: first,
  };
  const storage = {
    admitWaiting: async () => {
      seen.passes += 1;
      return seen.answer;
    },
    wake: async (queues: readonly string[]) => void seen.woken.push(queues),
  };
  const limitWarnings = { undeclared: (scope: string) => void seen.warned.push(scope) };
  const engine = {
    storage,
    clock,
    refills,
    limitWarnings,
    logger: recordingLogger(),
    passes: createPassBook(),
  };
  const pass = startAdmissionPass(engine as unknown as Engine & PassParts, {
    poll: () => poll,
    gated: () => gated,
  });
  return { clock, refills, seen, pass };
}

const after = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("it goes on at once while somebody was let in, wakes their queues and warns of limits nobody declared", async () => {
  const first = { ...somebody, rows: 2, more: true, queues: ["a"], undeclared: ["api"] };
  const { seen, pass } = start(first);
  seen.answer = nobody;
  await after(0);
  expect(seen).toMatchObject({ passes: 2, woken: [["a"]], warned: ["api"] });
  await pass.stop();
});

test("it looks once a second while somebody waits, and hardly while nobody does", async () => {
  const { seen, pass } = start(somebody);
  await after(2_000);
  expect(seen.passes).toBe(3);
  seen.answer = nobody;
  await after(1_000);
  await after(restMs - 1);
  expect(seen.passes).toBe(4);
  await after(1);
  expect(seen.passes).toBe(5);
  await pass.stop();
});

test("it looks at once when it is noted that somebody waits, and keeps its pace while it knows", async () => {
  const { seen, pass } = start();
  await after(10);
  seen.answer = somebody;
  pass.noteWaiting();
  await after(10);
  expect(seen.passes).toBe(2);
  pass.noteWaiting();
  await after(900);
  expect(seen.passes).toBe(2);
  await after(100);
  expect(seen.passes).toBe(3);
  await pass.stop();
});

test("it looks when a rate has refilled, by the injected clock, whoever learnt of it", async () => {
  const { clock, refills, seen, pass } = start({ ...somebody, nextAt: 300 });
  seen.answer = nobody;
  await after(0);
  await clock.advance(299);
  expect(seen.passes).toBe(1);
  await clock.advance(1);
  expect(seen.passes).toBe(2);
  refills.add(400);
  await clock.advance(100);
  expect(seen.passes).toBe(3);
  await pass.stop();
  refills.add(500);
  await clock.advance(100);
  expect(seen.passes).toBe(3);
});

test.each([
  ["makes a worker look that runs jobs with gates", true, nobody, rareMs, 2],
  ["does not at once where none of them has any", false, nobody, rareMs, 1],
  ["adds nothing to the looks of one at which somebody waits", true, somebody, rareMs, 1],
  ["adds nothing where it is noted within a second anyway", true, nobody, 1_000, 1],
])("a hint %s", async (_, gated, first, poll, passes) => {
  const { seen, pass } = start(first, gated, poll);
  await after(10);
  pass.hint();
  await after(10);
  expect(seen.passes).toBe(passes);
  await pass.stop();
});
