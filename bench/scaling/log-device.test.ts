import { describe, expect, test } from "vitest";
import { createLogDevice, type FlushCosts } from "./log-device.ts";
import { createSimulation } from "./simulation.ts";

const seconds = 10;

/** Commits per second of `callers` that commit again as soon as they are safe. */
function commitsPerSecond(callers: number, bytes: number, costs: FlushCosts): number {
  const simulation = createSimulation();
  const device = createLogDevice(simulation, costs);
  let commits = 0;
  function commit(): void {
    device.commit(bytes, () => {
      commits += 1;
      commit();
    });
  }
  for (let caller = 0; caller < callers; caller++) commit();
  simulation.runUntil(seconds * 1_000);
  return commits / seconds;
}

const disk = { flushMs: 2, bytesPerMs: 1_000_000 };

describe("a log device", () => {
  test("makes one caller wait for a flush each", () => {
    expect(commitsPerSecond(1, 0, disk)).toBe(500);
  });

  test("lets all who wait share the next flush", () => {
    // The first of each lap begins a flush alone; the others share the one after it.
    expect(commitsPerSecond(101, 0, disk)).toBeCloseTo((101 * 500) / 2, -3);
  });

  test("writes no more bytes per second than its disk can", () => {
    const narrow = { flushMs: 0.1, bytesPerMs: 1_000 };
    const rate = commitsPerSecond(1_000, 100, narrow);
    expect(rate).toBeLessThanOrEqual(10_000);
    expect(rate).toBeGreaterThan(9_900);
  });
});
