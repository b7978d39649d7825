import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { HoldfastError } from "../core/errors.ts";
import { type Periodic, startPeriodic } from "./periodic.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A chore whose runs are counted and do what is given, else pause for a second. */
function start(runs: (() => Promise<number>)[] = []) {
  const log = recordingLogger();
  const counted = { count: 0 };
  const chore: Periodic = startPeriodic({
    name: "tidy",
    logger: log,
    run: () => runs[counted.count++]?.() ?? Promise.resolve(1_000),
  });
  return { chore, counted, log };
}

const fail = (): Promise<number> => Promise.reject(new Error("no"));

test("it runs at once and then after each pause", async () => {
  const { chore, counted } = start();
  expect(counted.count).toBe(1);
  await vi.advanceTimersByTimeAsync(999);
  expect(counted.count).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(counted.count).toBe(2);
  await chore.stop();
});

test("woken in a pause it runs at once, woken in a run once more right after", async () => {
  let finish = (_pause: number): void => {};
  const { chore, counted } = start([
    () => Promise.resolve(60_000),
    () => new Promise((resolve) => (finish = resolve)),
  ]);
  await vi.advanceTimersByTimeAsync(0);
  chore.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(counted.count).toBe(2);
  chore.wake();
  chore.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(counted.count).toBe(2);
  finish(60_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(counted.count).toBe(3);
  await vi.advanceTimersByTimeAsync(999);
  expect(counted.count).toBe(3);
  await chore.stop();
});

test("a failing run is tried again after 100 ms, doubling to 2 s, warned of once and never the end", async () => {
  const { chore, counted, log } = start(Array.from({ length: 7 }, () => fail));
  for (const [index, pause] of [100, 200, 400, 800, 1_600, 2_000, 2_000].entries()) {
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(counted.count).toBe(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(counted.count).toBe(index + 2);
  }
  const failures = log.said("failed; trying again");
  expect(failures.map(({ level }) => level)).toEqual([
    "warn",
    ...Array.from({ length: 6 }, () => "debug"),
  ]);
  expect(log.said("recovered")).toMatchObject([{ fields: { chore: "tidy", failures: 7 } }]);
  await chore.stop();
});

test("a client that was closed under it is no news", async () => {
  const { chore, log } = start([
    () => Promise.reject(new HoldfastError("CLIENT_CLOSED", "The storage is closed.")),
  ]);
  await vi.advanceTimersByTimeAsync(0);
  expect(log.lines.map(({ level }) => level)).toEqual(["debug"]);
  await chore.stop();
});

test("stop waits for the run under way, begins no other, and says nothing of its failure", async () => {
  let end = (_error: Error): void => {};
  const { chore, counted, log } = start([() => new Promise((_, reject) => (end = reject))]);
  let stopped = false;
  const stopping = Promise.all([chore.stop(), chore.stop()]).then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stopped).toBe(false);
  end(new Error("too late"));
  await stopping;
  chore.wake();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(counted.count).toBe(1);
  expect(log.lines).toEqual([]);
});
