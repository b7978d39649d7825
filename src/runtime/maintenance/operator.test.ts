import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import type { OperateAnswer } from "../../storage/contract/operate.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { startOperator } from "./operator.ts";
import { createPassBook } from "./pass-book.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const soonMs = 10_000;
const restMs = 300_000;

/** An operator on a storage with so many chunks left that nobody else is at. */
function start(chunks = 0) {
  const seen = { looks: 0, chunks };
  const chunk: OperateAnswer = { id: "1", jobs: 100, queues: [], cancelling: [] };
  const storage = {
    async workOperation() {
      seen.looks += 1;
      if (seen.chunks === 0) return undefined;
      seen.chunks -= 1;
      return chunk;
    },
    wake: async () => {},
    wakeCancelled: async () => {},
  };
  const clock = createManualClock(0);
  const parts = { clock, logger: recordingLogger(), passes: createPassBook() };
  return { seen, operator: startOperator(storage, parts) };
}

const after = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("it goes on chunk after chunk, and hardly looks while nothing runs", async () => {
  const { seen, operator } = start(3);
  await after(10);
  expect(seen).toEqual({ looks: 4, chunks: 0 });
  await after(restMs - 100);
  expect(seen.looks).toBe(4);
  await after(100);
  expect(seen.looks).toBe(5);
  await operator.stop();
});

test("what it is told of it gives a while to whoever is at it, and then looks once, however often it is told", async () => {
  const { seen, operator } = start();
  await after(0);
  for (let told = 0; told < 10; told += 1) {
    operator.noteOperation();
    await after(soonMs / 10 - 1);
  }
  expect(seen.looks).toBe(1);
  seen.chunks = 2;
  await after(20);
  expect(seen).toEqual({ looks: 4, chunks: 0 });
  await operator.stop();
});
