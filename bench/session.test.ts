import { expect, test } from "vitest";
import { readOptions } from "./options.ts";
import type { Place } from "./places/place.ts";
import { openSession } from "./session.ts";
import { findSystem } from "./systems/catalogue.ts";

function sessionOf(name: string) {
  const plan = readOptions([]);
  if (plan === "help") throw new Error("no help was asked for");
  const memory = { rooms: new Map(), figures: new Map() };
  return openSession(findSystem(name), {} as Place, plan, memory, () => {});
}

test("a slow system gets its share of the jobs, and no fewer than a scenario needs", () => {
  const { share } = sessionOf("sidequest@postgres");
  expect(share(100_000)).toBe(1_000);
  expect(share(10_000)).toBe(500);
  expect(share(10_000, 4_000)).toBe(4_000);
  expect(share(300, 4_000)).toBe(300);
});

test("a system without a share gets all of them", () => {
  expect(sessionOf("pg-boss@postgres").share(10_000, 4_000)).toBe(10_000);
});
