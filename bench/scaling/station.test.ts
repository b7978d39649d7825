import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { createSimulation, type Simulation } from "./simulation.ts";
import { createStation, type Station } from "./station.ts";

const horizonMs = 400_000;

/** Poisson arrivals at `perMs`, exponential service of mean 1 ms: share of busy servers, mean number of jobs there. */
function openQueue(servers: number, perMs: number) {
  const simulation = createSimulation();
  const random = createRandom(7);
  const station = createStation(simulation, servers);
  let inside = 0;
  let area = 0;
  let since = 0;
  const change = (by: number) => {
    area += inside * (simulation.now() - since);
    since = simulation.now();
    inside += by;
  };
  function arrive(): void {
    change(1);
    station.serve(
      () => random.exponential(1),
      () => change(-1),
    );
    simulation.after(random.exponential(1 / perMs), arrive);
  }
  simulation.after(0, arrive);
  simulation.runUntil(horizonMs);
  change(0);
  return { utilisation: busyShare(station), meanInside: area / horizonMs };
}

const busyShare = (station: Station) => station.busyTime() / horizonMs / station.servers;

/** `callers` that come back as soon as they are served, for 1 ms each; how many are served per millisecond. */
function closedLoop(simulation: Simulation, station: Station, callers: number): number {
  let served = 0;
  function call(): void {
    station.serve(
      () => 1,
      () => {
        served += 1;
        call();
      },
    );
  }
  for (let caller = 0; caller < callers; caller++) call();
  simulation.runUntil(1_000);
  return served / 1_000;
}

const within = (value: number, expected: number, share: number) => {
  expect(Math.abs(value / expected - 1), `${value} instead of ${expected}`).toBeLessThan(share);
};

describe("a station", () => {
  test("with one server is M/M/1: utilisation rho, rho / (1 - rho) jobs on average", () => {
    const { utilisation, meanInside } = openQueue(1, 0.8);
    within(utilisation, 0.8, 0.01);
    within(meanInside, 4, 0.05);
  });

  test("with two servers is M/M/2: 2 rho / (1 - rho^2) jobs on average", () => {
    const { utilisation, meanInside } = openQueue(2, 1.6);
    within(utilisation, 0.8, 0.01);
    within(meanInside, 1.6 / (1 - 0.64), 0.05);
  });

  test("saturated serves as many as its servers can, however many wait", () => {
    for (const callers of [3, 10, 100]) {
      const simulation = createSimulation();
      within(closedLoop(simulation, createStation(simulation, 3), callers), 3, 0.001);
    }
  });

  test("is not faster for having more servers than callers", () => {
    const simulation = createSimulation();
    within(closedLoop(simulation, createStation(simulation, 8), 2), 2, 0.001);
  });

  test("in slices lets short work pass a long computation", () => {
    const simulation = createSimulation();
    const station = createStation(simulation, 1, { sliceMs: 1, crowding: 1 });
    const ended: string[] = [];
    station.serve(
      () => 100,
      () => ended.push(`long ${simulation.now()}`),
    );
    station.serve(
      () => 1,
      () => ended.push(`short ${simulation.now()}`),
    );
    simulation.runUntil(1_000);
    expect(ended).toEqual(["short 2", "long 101"]);
  });

  test("whose callers crowd each other is slower the more of them wait", () => {
    const rate = (callers: number) => {
      const simulation = createSimulation();
      return closedLoop(
        simulation,
        createStation(simulation, 3, { sliceMs: 1, crowding: 2 }),
        callers,
      );
    };
    within(rate(1), 1, 0.01);
    within(rate(3), 3, 0.01);
    within(rate(60), 3 / 2, 0.01);
  });
});

describe("events", () => {
  test("run in the order of their times, and of their planning when these are the same", () => {
    const simulation = createSimulation();
    const random = createRandom(3);
    const seen: number[] = [];
    for (let n = 0; n < 1_000; n++) {
      const at = Math.floor(random.next() * 50);
      simulation.after(at, () => seen.push(at * 1_000 + n));
    }
    simulation.runUntil(50);
    expect(seen).toHaveLength(1_000);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});
