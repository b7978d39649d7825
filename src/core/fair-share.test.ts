import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fairShares, noRoomSeen, seeRoom } from "./fair-share.ts";

const plenty = 1_000;

function shares(total: number, ...most: readonly number[]): number[] {
  const sharers = most.map((each, index) => ({ id: String(index + 8), most: each }));
  const found = fairShares(total, sharers);
  return sharers.map(({ id }) => found.get(id) ?? Number.NaN);
}

test("seven places are shared 3, 2 and 2, the lowest id first", () => {
  expect(shares(7, plenty, plenty, plenty)).toEqual([3, 2, 2]);
});

test("ids are numbers: 9 comes before 10", () => {
  const found = fairShares(1, [
    { id: "10", most: 5 },
    { id: "9", most: 5 },
  ]);
  expect(found.get("9")).toBe(1);
});

test.each([
  ["one who can use little leaves the rest to the others", 7, [1, plenty, plenty], [1, 3, 3]],
  ["who can use nothing gets nothing", 7, [0, plenty], [0, 7]],
  ["there are fewer places than sharers", 2, [plenty, plenty, plenty], [1, 1, 0]],
  ["all can use less than there is", 100, [3, 4], [3, 4]],
  ["nobody is there", 7, [], []],
])("%s", (_, total, most, expected) => {
  expect(shares(total, ...most)).toEqual(expected);
});

const sharers = fc
  .uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 12 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({ id: fc.constant(String(id)), most: fc.integer({ min: 0, max: 30 }) }),
      ),
    ),
  );

test("a share uses all it can, gives nobody more than they can use, and is even among the rest", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), sharers, (total, given) => {
      const found = fairShares(total, given);
      const wanted = given.reduce((sum, { most }) => sum + most, 0);
      const shared = [...found.values()].reduce((sum, share) => sum + share, 0);
      expect(shared).toBe(Math.min(total, wanted));
      for (const { id, most } of given) expect(found.get(id)).toBeLessThanOrEqual(most);
      const hungry = given.filter(({ id, most }) => (found.get(id) ?? 0) < most);
      const level = Math.max(0, ...found.values());
      for (const { id } of hungry) expect(found.get(id)).toBeGreaterThanOrEqual(level - 1);
      expect(fairShares(total, given.toReversed())).toEqual(found);
    }),
  );
});

describe("room left over", () => {
  test("lets a worker take more only after a second of it, and for a second", () => {
    let seen = seeRoom(noRoomSeen, 2, 5_000);
    expect(seen.freeUntil).toBeLessThanOrEqual(5_000);
    seen = seeRoom(seen, 1, 5_999);
    expect(seen.freeUntil).toBeLessThanOrEqual(5_999);
    seen = seeRoom(seen, 1, 6_000);
    expect(seen.freeUntil).toBe(7_000);
    expect(seeRoom(seen, 1, 6_500).freeUntil).toBe(7_000);
  });

  test("that was gone in between counts anew", () => {
    const seen = seeRoom(seeRoom(noRoomSeen, 2, 5_000), 0, 5_500);
    expect(seeRoom(seen, 2, 6_100).freeUntil).toBe(0);
  });

  test("that is still there after the second gives another", () => {
    const seen = seeRoom(seeRoom(noRoomSeen, 2, 5_000), 2, 6_000);
    expect(seeRoom(seen, 2, 7_000).freeUntil).toBe(8_000);
  });
});
