import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import { createPassBook } from "./pass-book.ts";
import { type PassRun, startPass } from "./pass.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pass whose runs answer what is set; each takes 30 ms. */
function start() {
  const passes = createPassBook();
  const bench = { answer: async (): Promise<PassRun> => ({ rows: 0, pauseMs: 1_000 }) };
  async function run(): Promise<PassRun> {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return bench.answer();
  }
  const clock = { now: () => Date.now() };
  const periodic = startPass("prune", run, { clock, logger: recordingLogger(), passes });
  return Object.assign(bench, { passes, periodic });
}

test("the last run of a pass is seen: when, how long, what it did, and all runs together", async () => {
  const began = Date.now();
  const bench = start();
  expect(bench.passes.read()).toEqual({});
  bench.answer = async () => ({ rows: 7, pauseMs: 1_000 });
  await vi.advanceTimersByTimeAsync(30);
  const first = { ranAt: began, tookMs: 30, rows: 7, runs: 1, total: 7, error: null };
  expect(bench.passes.read()).toEqual({ prune: first });
  bench.answer = async () => ({ rows: 2, pauseMs: 1_000 });
  await vi.advanceTimersByTimeAsync(1_030);
  const second = { ranAt: began + 1_030, tookMs: 30, rows: 2, runs: 2, total: 9, error: null };
  expect(bench.passes.read()).toEqual({ prune: second });
  await bench.periodic.stop();
});

test("a run that fails says with what, in few words, and the next that works says so", async () => {
  const bench = start();
  bench.answer = () => Promise.reject(new Error(`no database ${"!".repeat(1_000)}`));
  await vi.advanceTimersByTimeAsync(30);
  const { error, runs, rows } = bench.passes.read()["prune"] ?? {};
  expect({ runs, rows }).toEqual({ runs: 1, rows: 0 });
  expect(error).toMatch(/^no database !+$/);
  expect(error).toHaveLength(300);
  bench.answer = async () => ({ rows: 1, pauseMs: 1_000 });
  await vi.advanceTimersByTimeAsync(200);
  expect(bench.passes.read()).toMatchObject({ prune: { runs: 2, rows: 1, error: null } });
  await bench.periodic.stop();
});
