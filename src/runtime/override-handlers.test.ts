import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineJob, type JobHandler } from "../core/define-job.ts";
import { overrideHandlers } from "./override-handlers.ts";

const charge = defineJob<{ amount: number }, string>({ name: "charge" });
const ship = defineJob<{ to: string }, string>({ name: "ship" });
const real = charge.handler(() => "paid");
const fake = charge.handler(() => "not really");
const shipping = ship.handler(() => "gone");

function named(...handlers: readonly JobHandler[]): ReadonlyMap<string, JobHandler> {
  return new Map(handlers.map((handler) => [handler.definition.name, handler]));
}

test("an override takes the place of its definition's handler, and the others stay", () => {
  const merged = overrideHandlers(named(real, shipping), named(fake));
  expect([...merged]).toEqual([
    ["charge", fake],
    ["ship", shipping],
  ]);
});

test("without overrides nothing changes", () => {
  expect([...overrideHandlers(named(real), named())]).toEqual([["charge", real]]);
});

test("an override of a job without a handler is an error that lists those there are", () => {
  expect(() =>
    overrideHandlers(named(real, shipping), named(defineJob({ name: "sihp" }).handler(() => {}))),
  ).toThrow(
    coded("INVALID_OPTION", '"sihp", but handlers has none of that name; it has charge, ship.'),
  );
  expect(() => overrideHandlers(named(), named(fake))).toThrow(
    coded("INVALID_OPTION", "it has none."),
  );
});

test("an override made with another definition of the same name is an error", () => {
  const other = defineJob({ name: "charge" }).handler(() => "of another shape");
  expect(() => overrideHandlers(named(real), named(other))).toThrow(
    coded("DUPLICATE_DEFINITION", '"charge"'),
  );
});
