import { expect, test } from "vitest";
import { type StatTotal, totalsOf } from "./stat-total.ts";
import { addTallyText, emptyTally, tallyText } from "./tally.ts";

function total(queue: string, name: string, text: string): StatTotal {
  const tally = emptyTally();
  addTallyText(tally, text);
  return { queue, name, tally };
}

test("what is of one queue and name is added up, and names that read alike together are kept apart", () => {
  const parts = [
    total("a", "b c", "e1 w3:2"),
    total("a b", "c", "e2"),
    total("a", "b c", "e4 c1 w3:1 r9:1"),
  ];
  const sums = totalsOf(parts).map(({ queue, name, tally }) => [queue, name, tallyText(tally)]);
  expect(sums).toEqual([
    ["a", "b c", "e5 c1 w3:3 r9:1"],
    ["a b", "c", "e2"],
  ]);
  expect(tallyText(parts[0]?.tally ?? emptyTally())).toBe("e1 w3:2");
});
