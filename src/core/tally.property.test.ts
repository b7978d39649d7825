import fc from "fast-check";
import { expect, test } from "vitest";
import { addTally, addTallyText, counters, emptyTally, type Tally, tallyText } from "./tally.ts";

const histograms = fc
  .dictionary(fc.nat(900).map(String), fc.integer({ min: 1, max: 1e6 }), { maxKeys: 8 })
  .map(
    (counts) => new Map(Object.entries(counts).map(([bucket, count]) => [Number(bucket), count])),
  );

const tallies: fc.Arbitrary<Tally> = fc.record({
  counts: fc.record(
    Object.fromEntries(counters.map((counter) => [counter, fc.nat(1e6)])) as Record<
      (typeof counters)[number],
      fc.Arbitrary<number>
    >,
  ),
  waiting: histograms,
  running: histograms,
});

function read(text: string): Tally {
  const tally = emptyTally();
  addTallyText(tally, text);
  return tally;
}

test("a text says all of its tally", () => {
  fc.assert(
    fc.property(tallies, (tally) => {
      expect(read(tallyText(tally))).toEqual(tally);
    }),
  );
});

test("two texts with a space between are the text of both together", () => {
  fc.assert(
    fc.property(tallies, tallies, (one, other) => {
      const both = emptyTally();
      addTally(both, one);
      addTally(both, other);
      expect(read(`${tallyText(one)} ${tallyText(other)}`)).toEqual(both);
    }),
  );
});

test("a database's own words are read, and words of newer code are passed over", () => {
  const tally = read("s1 W120 R0 c1 k7 ☃ ");
  expect(tally.counts).toEqual({ ...emptyTally().counts, started: 1, completed: 1 });
  expect([...tally.waiting.values(), ...tally.running.keys()]).toEqual([1, 0]);
});
