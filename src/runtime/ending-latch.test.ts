import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createEndingLatch, type EndingLatch, type Reservation } from "./ending-latch.ts";

const now = 1_000_000;
const latch = (): EndingLatch => createEndingLatch(createManualClock(now));

describe("a verb keeps its ending", () => {
  test.each([
    [
      "rescheduleIn",
      (at: EndingLatch) => at.verbs.rescheduleIn("1s"),
      { kind: "rescheduled", runAt: now + 1_000 },
    ],
    [
      "rescheduleNow",
      (at: EndingLatch) => at.verbs.rescheduleNow(),
      { kind: "rescheduled", runAt: now },
    ],
    [
      "rescheduleAt a Date",
      (at: EndingLatch) => at.verbs.rescheduleAt(new Date(5)),
      { kind: "rescheduled", runAt: 5 },
    ],
    [
      "rescheduleAt milliseconds",
      (at: EndingLatch) => at.verbs.rescheduleAt(5.4),
      { kind: "rescheduled", runAt: 5 },
    ],
    ["snooze", (at: EndingLatch) => at.verbs.snooze(10), { kind: "snoozed", runAt: now + 10 }],
    [
      "throttle",
      (at: EndingLatch) => at.verbs.throttle(),
      { kind: "throttled", retryAfterMs: null },
    ],
    [
      "throttle for so long",
      (at: EndingLatch) => at.verbs.throttle("2s"),
      { kind: "throttled", retryAfterMs: 2_000 },
    ],
    ["cancel", (at: EndingLatch) => at.verbs.cancel("why"), { kind: "cancelled", why: "why" }],
    ["discard", (at: EndingLatch) => at.verbs.discard("why"), { kind: "discarded", why: "why" }],
  ])("%s", (_, choose, chosen) => {
    const ending = latch();
    choose(ending);
    expect(ending.chosen).toEqual(chosen);
  });
});

describe("a verb refuses", () => {
  test.each([Number.NaN, -1, 8.64e15 + 1, new Date(Number.NaN), "tomorrow"])(
    "rescheduleAt(%s), and leaves the ending open",
    (time) => {
      const ending = latch();
      expect(() => ending.verbs.rescheduleAt(time as number)).toThrow(coded("INVALID_OPTION"));
      ending.verbs.rescheduleNow();
    },
  );

  test("a second ending", () => {
    const ending = latch();
    ending.verbs.snooze("1s");
    expect(() => ending.verbs.cancel("why")).toThrow(coded("ALREADY_SETTLED"));
    expect(ending.chosen).toMatchObject({ kind: "snoozed" });
  });
});

describe("a transaction", () => {
  test("has the ending to itself while it runs, and for good when it resolves", async () => {
    const ending = latch();
    let finish = (_value: string): void => {};
    const done = ending.transact(() => new Promise<string>((resolve) => (finish = resolve)));
    expect(() => ending.verbs.rescheduleNow()).toThrow(coded("ALREADY_SETTLED"));
    await expect(ending.transact(async () => {})).rejects.toEqual(coded("ALREADY_SETTLED"));
    expect(ending.settled).toBe(false);
    finish("value");
    await expect(done).resolves.toBe("value");
    expect(ending.settled).toBe(true);
    await expect(ending.transact(async () => {})).rejects.toEqual(coded("ALREADY_SETTLED"));
  });

  test("gives the ending back when it rejects", async () => {
    const ending = latch();
    await expect(ending.transact(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    ending.verbs.snooze("1s");
    expect(ending.settled).toBe(false);
  });

  test("is refused after a chosen ending", async () => {
    const ending = latch();
    ending.verbs.snooze("1s");
    await expect(ending.transact(async () => {})).rejects.toEqual(coded("ALREADY_SETTLED"));
    await expect(ending.transacted()).resolves.toBeUndefined();
  });

  test("has written the end from the moment it says so until it is undone", async () => {
    const ending = latch();
    const seen: boolean[] = [];
    const look = (say: () => void): void => {
      say();
      seen.push(ending.written);
    };
    const steps = async ({ written, undone }: Reservation): Promise<void> => {
      look(() => {});
      look(written);
      look(undone);
      look(written);
    };
    await ending.transact(steps);
    look(() => {});
    expect(seen).toEqual([false, true, false, true, true]);
  });

  test("still under way is waited for, with what it throws", async () => {
    const ending = latch();
    await expect(ending.transacted()).resolves.toBeUndefined();
    let fail = (_error: Error): void => {};
    void ending.transact(() => new Promise((_, reject) => (fail = reject)));
    const waited = ending.transacted();
    const error = new Error("unheard");
    fail(error);
    await expect(waited).resolves.toEqual({ thrown: error });
    await expect(ending.transacted()).resolves.toBeUndefined();
  });
});
