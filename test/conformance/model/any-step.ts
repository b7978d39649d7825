import fc from "fast-check";
import type { Ending, Wish } from "./model.ts";
import {
  claimStep,
  enqueueStep,
  type Fate,
  killStep,
  patchStep,
  pauseStep,
  rescueStep,
  settleStep,
  staleStep,
  type Step,
  type Verb,
  verbStep,
  waitStep,
} from "./steps.ts";

const short = fc.constantFrom(0, 0, 500, 1_000, 5_000);
const wish: fc.Arbitrary<Wish> = fc.record({
  priority: fc.constantFrom(1, 5, 5, 9),
  payload: fc.nat(99),
  delayMs: short,
  unique: fc.constant(null),
});
const uniqueWish: fc.Arbitrary<Wish> = fc
  .record({
    wish,
    key: fc.constantFrom("unfinished" as const, "waiting" as const, "ever" as const),
    withinMs: fc.option(fc.constantFrom(1_000, 10_000)),
    onConflict: fc.constantFrom("skip" as const, "error" as const, "replace" as const),
  })
  .map(({ wish: plain, key, withinMs, onConflict }) => ({
    ...plain,
    unique: {
      key,
      withinMs,
      // As by type: only a job that has not started can be rewritten.
      onConflict: onConflict === "replace" && key !== "waiting" ? "skip" : onConflict,
    },
  }));
const fate = fc.constantFrom<Fate>("alone", "alone", "in a transaction", "in one that rolls back");
const pick = fc.nat(20);
const place = fc.nat(1);

/** Endings after which a job is gone from where workers look, so that many may share a call. */
const leaving: fc.Arbitrary<Ending> = fc.oneof(
  fc.constantFrom<Ending>(
    { kind: "completed" },
    { kind: "completed" },
    { kind: "failed" },
    { kind: "failed" },
    { kind: "timed-out" },
    { kind: "cancelled" },
    { kind: "discarded" },
  ),
  fc.record({
    kind: fc.constantFrom("rescheduled" as const, "snoozed" as const, "throttled" as const),
    inMs: fc.constantFrom(500, 5_000),
  }),
);
const staying: fc.Arbitrary<Ending> = fc.constantFrom<Ending>(
  { kind: "released" },
  { kind: "rescheduled", inMs: 0 },
  { kind: "snoozed", inMs: 0 },
);

const enqueues = fc.oneof(
  fc
    .tuple(fc.array(wish, { minLength: 1, maxLength: 3 }), fate)
    .map((given) => enqueueStep(...given)),
  fc.tuple(uniqueWish, fate).map(([one, how]) => enqueueStep([one], how)),
);
const claims = fc
  .tuple(place, fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map((given) => claimStep(...given));
const settles = fc
  .tuple(fc.array(pick, { minLength: 1, maxLength: 3 }), leaving, fc.nat(2))
  .map((given) => settleStep(...given));
const returns = fc.tuple(pick, staying).map(([which, how]) => settleStep([which], how, 0));
const verb = fc.constantFrom<Verb>("cancel", "cancel", "retry", "run now", "delete");

/** Steps of every kind, the usual ones more often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: enqueues },
  { weight: 8, arbitrary: claims },
  { weight: 8, arbitrary: settles },
  { weight: 3, arbitrary: returns },
  { weight: 2, arbitrary: fc.tuple(pick, leaving).map((given) => staleStep(...given)) },
  { weight: 1, arbitrary: fc.tuple(pick, fc.nat(99)).map((given) => patchStep(...given)) },
  { weight: 2, arbitrary: place.map(killStep) },
  { weight: 2, arbitrary: fc.constant(null).map(rescueStep) },
  { weight: 5, arbitrary: fc.tuple(verb, pick).map((given) => verbStep(...given)) },
  { weight: 5, arbitrary: fc.constantFrom(1, 500, 1_000, 5_000, 20_000).map(waitStep) },
  { weight: 1, arbitrary: fc.boolean().map(pauseStep) },
);
