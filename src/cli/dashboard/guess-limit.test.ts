import { expect, test } from "vitest";
import { createGuessLimit } from "./guess-limit.ts";

/** A limit by a clock of the test's own. */
function open() {
  let now = 0;
  const limit = createGuessLimit(() => now);
  let guesses = 0;
  const fail = (who: string, times = 1) => {
    for (let at = 0; at < times; at++) limit.failed(who, `guess ${guesses++}`);
  };
  return { limit, fail, pass: (ms: number) => void (now += ms) };
}

test("five wrong ones cost nothing, and each further one waits twice as long, up to a minute", () => {
  const { limit, fail, pass } = open();
  fail("a", 5);
  expect(limit.waitMs("a")).toBe(0);
  const waits = Array.from({ length: 6 }, () => {
    fail("a");
    const wait = limit.waitMs("a");
    pass(wait);
    expect(limit.waitMs("a")).toBe(0);
    return wait / 1_000;
  });
  expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  expect(limit.waitMs("b")).toBe(0);
  pass(3_600_000);
  fail("a");
  expect(limit.waitMs("a")).toBe(0);
});

test("the same wrong one again counts once: a page left open says what was right yesterday", () => {
  const { limit } = open();
  for (let at = 0; at < 50; at++) limit.failed("a", "old");
  expect(limit.waitMs("a")).toBe(0);
});

test("many who guess together are slowed down, and neither who was right nor who comes first", () => {
  const { limit, fail, pass } = open();
  limit.passed("ada");
  fail("ada");
  for (let at = 0; at < 99; at++) fail(`bot ${at}`);
  for (const bot of ["bot 0", "bot 98"]) expect(limit.waitMs(bot)).toBe(1_000);
  expect(limit.waitMs("ada")).toBe(0);
  expect(limit.waitMs("bob")).toBe(0);
  pass(1_000);
  expect(limit.waitMs("bot 0")).toBe(0);
  fail("bot 0");
  expect(limit.waitMs("bot 0")).toBeGreaterThan(0);
});

test("what is remembered is bounded: those without a place count among all together", () => {
  const { limit, fail, pass } = open();
  for (let at = 0; at < 5_000; at++) fail(`bot ${at}`);
  expect(limit.waitMs("bot 999")).toBe(1_000);
  expect(limit.waitMs("bot 1000")).toBe(1_000);
  expect(limit.waitMs("new")).toBe(1_000);
  for (let at = 0; at < 2_000; at++) limit.passed(`user ${at}`);
  expect(limit.waitMs("user 1999")).toBe(0);
  expect(limit.waitMs("user 999")).toBe(1_000);
  pass(3_600_000);
  for (let at = 0; at < 100; at++) fail("other", 1);
  expect(limit.waitMs("new")).toBe(0);
});
