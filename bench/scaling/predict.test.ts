import { describe, expect, test } from "vitest";
import type { Costs } from "./costs.ts";
import { climb } from "./ladder.ts";
import { predict } from "./predict.ts";
import type { Setup } from "./setup.ts";
import { createWhatIf } from "./what-if.ts";

const costs: Costs = {
  clientMsPerJob: 0.01,
  serverMsPerJob: 0.01,
  insertMsPerJob: 0.005,
  statementMs: 0.1,
  skipMsPerRow: 0,
  crowding: 1,
  roundTripMs: 0.05,
  flushMs: 0.1,
  walBytesPerJob: 600,
  walBytesPerInsert: 300,
};
const limits = { held: 1_000, perTurn: 500 };
const setup: Setup = {
  workers: 1,
  serverCores: 4,
  clientCores: 64,
  roundTripMs: costs.roundTripMs,
  flushMs: costs.flushMs,
  logMegabytesPerSecond: 10_000,
  perInsert: null,
};

const drain = (change: Partial<Setup>, changedCosts: Partial<Costs> = {}) =>
  predict({ ...costs, ...changedCosts }, limits, { ...setup, ...change });

const near = (value: number, expected: number) => {
  expect(Math.abs(value / expected - 1), `${value} instead of ${expected}`).toBeLessThan(0.05);
};

describe("a prediction", () => {
  test("is the same every time", () => {
    expect(drain({ workers: 3 })).toEqual(drain({ workers: 3 }));
  });

  test("of a server whose cores are saturated is cores / CPU per job", () => {
    const { jobsPerSecond, bottleneck, serverCores } = drain({ workers: 16 }, { statementMs: 0 });
    near(jobsPerSecond, 4 / 0.01e-3);
    near(serverCores, 1);
    expect(bottleneck).toBe("server cores");
  });

  test("of workers that compute much longer than the server is workers / CPU per job", () => {
    // Of one alone, too few batches are seen for an average.
    const { jobsPerSecond, bottleneck } = drain({ workers: 16 }, { clientMsPerJob: 0.1 });
    near(jobsPerSecond, 16 / 0.1e-3);
    expect(bottleneck).toBe("worker threads");
  });

  test("of shared cores is cores / CPU of client and server together", () => {
    const { jobsPerSecond } = drain(
      { workers: 8, serverCores: 2, clientCores: null },
      { statementMs: 0 },
    );
    near(jobsPerSecond, 2 / 0.02e-3);
  });

  test("of a worker far away is what it holds / the time a batch is under way", () => {
    const { jobsPerSecond, bottleneck } = drain({ roundTripMs: 200 });
    // Two turns of 500 are under way; each is one round trip and some 10 ms of work.
    near(jobsPerSecond, (2 * 500) / 0.2105);
    expect(bottleneck).toBe("waiting");
  });

  test("of a worker far away is no better with more turns' worth of places: two are under way at most", () => {
    const far = { ...setup, roundTripMs: 200 };
    const wide = predict(costs, { held: 4 * limits.held, perTurn: limits.perTurn }, far);
    near(wide.jobsPerSecond, drain({ roundTripMs: 200 }).jobsPerSecond);
  });

  test("of many workers on few cores is seen, though a turn of one takes longer than the time measured", () => {
    const alone = { serverCores: 1, clientCores: null };
    const crowd = drain({ workers: 64, ...alone }, { clientMsPerJob: 0.1 });
    near(crowd.jobsPerSecond, 1 / 0.11e-3);
  });

  test("of a narrow log is its bytes per second / bytes per job", () => {
    const { jobsPerSecond, bottleneck } = drain({
      workers: 16,
      logMegabytesPerSecond: 60,
      serverCores: 16,
    });
    near(jobsPerSecond, 60e6 / 600);
    expect(bottleneck).toBe("log device");
  });

  test("counts inserts where jobs live their whole life", () => {
    const { jobsPerSecond } = drain({ workers: 16, perInsert: 1_000 }, { statementMs: 0 });
    near(jobsPerSecond, 4 / 0.015e-3);
  });

  test("is worse for single inserts, each a transaction", () => {
    const many = drain({ workers: 8, perInsert: 100 }).jobsPerSecond;
    const single = drain({ workers: 8, perInsert: 1 }).jobsPerSecond;
    const atMost = 4 / 0.115e-3;
    expect(single).toBeLessThan(atMost);
    expect(single).toBeGreaterThan(0.9 * atMost);
    expect(many).toBeGreaterThan(2 * single);
  });

  test("falls with more workers once claims step over what others hold", () => {
    const skip = { skipMsPerRow: 0.0005 };
    const few = drain({ workers: 8 }, skip).jobsPerSecond;
    const many = drain({ workers: 64 }, skip).jobsPerSecond;
    expect(many).toBeLessThan(few * 0.9);
  });
});

describe("the ladder", () => {
  test("adds what is short, carries more at the top than below, and ends", () => {
    const steps = climb(createWhatIf(costs, limits));
    const first = steps[0];
    const last = steps.at(-1);
    expect(first?.next).toBe("more workers");
    expect(last?.next).toBeNull();
    expect(last?.prediction.jobsPerSecond).toBeGreaterThan(
      5 * (first?.prediction.jobsPerSecond ?? 0),
    );
  });
});
