import { expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { type Abort, createAbort } from "./abort.ts";
import { createDeadlineWatch, type Deadline, type DeadlineWatch } from "./deadline.ts";

interface Running {
  readonly abort: Abort;
  readonly deadline: Deadline | undefined;
}

function watching(): {
  readonly clock: ManualClock;
  readonly begin: (timeoutMs: number | null, began?: number) => Running;
  /** Timers set and not taken back, those that rang included. */
  readonly timers: () => number;
} {
  const clock = createManualClock();
  let timers = 0;
  const counting: Clock = {
    now: () => clock.now(),
    after(ms, callback) {
      timers += 1;
      const takeBack = clock.after(ms, callback);
      return () => {
        timers -= 1;
        takeBack();
      };
    },
  };
  const watch: DeadlineWatch = createDeadlineWatch(counting);
  return {
    clock,
    timers: () => timers,
    begin(timeoutMs, began = clock.now()) {
      const abort = createAbort();
      return { abort, deadline: watch.begin(abort, timeoutMs, began) };
    },
  };
}

test("an attempt past its timeout is aborted, by the injected clock and not before", async () => {
  const { clock, begin } = watching();
  const { abort } = begin(50);
  await clock.advance(49);
  expect(abort.reason).toBeUndefined();
  await clock.advance(1);
  expect(abort.reason).toMatchObject({
    kind: "timeout",
    message: "The attempt took longer than 50ms.",
  });
});

test("what an attempt did before it first waited counts", async () => {
  const { clock, begin } = watching();
  const began = clock.now();
  await clock.advance(30);
  const { abort } = begin(50, began);
  const { abort: late } = begin(20, began);
  await clock.advance(0);
  expect(late.reason).toMatchObject({ kind: "timeout" });
  await clock.advance(19);
  expect(abort.reason).toBeUndefined();
  await clock.advance(1);
  expect(abort.reason).toMatchObject({ kind: "timeout" });
});

test("several deadlines pass in the order of their times, whatever the order they were begun in", async () => {
  const { clock, begin } = watching();
  const passed: string[] = [];
  const named = (name: string, timeoutMs: number): void =>
    begin(timeoutMs).abort.onAbort(() => passed.push(name));
  named("at 300", 300);
  named("at 100", 100);
  await clock.advance(50);
  named("at 250", 200);
  named("at 150", 100);
  await clock.advance(49);
  expect(passed).toEqual([]);
  await clock.advance(1);
  expect(passed).toEqual(["at 100"]);
  await clock.advance(1_000);
  expect(passed).toEqual(["at 100", "at 150", "at 250", "at 300"]);
});

test("an attempt that is over is left alone, and so are its neighbours", async () => {
  const { clock, begin } = watching();
  const [over, slow] = [begin(50), begin(50)];
  over.deadline?.end(over.abort);
  await clock.advance(50);
  expect(over.abort.reason).toBeUndefined();
  expect(slow.abort.reason).toMatchObject({ kind: "timeout" });
});

test("attempts begun at one moment share a timer, taken back when the last of them is over", async () => {
  const { clock, begin, timers } = watching();
  const together = [begin(50), begin(50), begin(50)];
  expect(timers()).toBe(1);
  for (const { abort, deadline } of together) {
    expect(timers()).toBe(1);
    deadline?.end(abort);
    deadline?.end(abort);
  }
  expect(timers()).toBe(0);
  const next = begin(50);
  expect(timers()).toBe(1);
  await clock.advance(20);
  const later = begin(50);
  expect(timers()).toBe(2);
  await clock.advance(30);
  expect(next.abort.reason).toBeDefined();
  expect(later.abort.reason).toBeUndefined();
  await clock.advance(20);
  expect(later.abort.reason).toBeDefined();
});

test("an attempt begun in the very moment others time out has its whole time", async () => {
  const rung: (() => void)[] = [];
  const watch = createDeadlineWatch({
    now: () => 0,
    after(_, callback) {
      rung.push(callback);
      return () => {};
    },
  });
  watch.begin(createAbort(), 50, 0);
  rung[0]?.();
  const late = createAbort();
  watch.begin(late, 50, 0);
  expect(late.reason).toBeUndefined();
  rung[1]?.();
  expect(late.reason).toBeDefined();
});

test("an attempt without a timeout is not watched", async () => {
  const { clock, begin, timers } = watching();
  const { abort, deadline } = begin(null);
  expect(deadline).toBeUndefined();
  expect(timers()).toBe(0);
  await clock.advance("10w");
  expect(abort.reason).toBeUndefined();
});
