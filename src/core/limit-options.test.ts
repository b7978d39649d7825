import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { limitGate, type LimitOptions, readLimits, readScopes } from "./limit-options.ts";

const read = (...limits: readonly unknown[]) =>
  readLimits("report", limits as LimitOptions<never>[]);

describe("readLimits", () => {
  test("gives the scope of the definition's name and a weight of 1 where nothing is said", () => {
    expect(read({ concurrent: 3 })).toEqual([
      { scope: "report", concurrent: 3, rate: null, by: undefined, weight: 1 },
    ]);
  });

  test("keeps what is said", () => {
    const by = ({ tenant }: { tenant: string }) => tenant;
    expect(
      read({ scope: "api", concurrent: 2, rate: "5/1s", by, weight: 2 }, { rate: "1/1h" }),
    ).toEqual([
      { scope: "api", concurrent: 2, rate: { count: 5, perMs: 1_000 }, by, weight: 2 },
      {
        scope: "report",
        concurrent: null,
        rate: { count: 1, perMs: 3_600_000 },
        by: undefined,
        weight: 1,
      },
    ]);
  });

  test.each<readonly [readonly unknown[], string]>([
    [[{}], "limits[0] needs concurrent, rate or both"],
    [["api"], "limits[0] takes an object"],
    [[{ concurrent: 1 }, { rate: "1/1s" }], 'limits has "report" twice'],
    [
      [
        { scope: "a", concurrent: 1 },
        { scope: "a", concurrent: 2 },
      ],
      'limits has "a" twice',
    ],
    [[{ scope: "a:b", concurrent: 1 }], "scope must be"],
    [[{ scope: "", concurrent: 1 }], "scope must be"],
    [[{ concurrent: 0 }], "concurrent must be"],
    [[{ concurrent: 1.5 }], "concurrent must be"],
    [[{ concurrent: 2 ** 31 }], "concurrent must be"],
    [[{ concurrent: 1, weight: 0 }], "weight must be"],
    [[{ concurrent: 1, by: "tenant" }], "by must be a function"],
    [[{ rate: "100/m" }], "limits[0]: rate must be a rate"],
    [[{ max: 5 }], 'limits[0] has no option "max"'],
  ])("refuses what is wrong, by name (case %#)", (limits, says) => {
    expect(() => read(...limits)).toThrow(coded("INVALID_OPTION", says));
  });

  test("a name with a colon needs a scope to be said", () => {
    expect(() => readLimits("inbox:acme", [{ concurrent: 1 }])).toThrow(
      coded("INVALID_OPTION", "limits[0] needs a scope"),
    );
    expect(readLimits("inbox:acme", [{ scope: "inbox", concurrent: 1 }])).toMatchObject([
      { scope: "inbox" },
    ]);
  });
});

describe("readScopes", () => {
  test("reads limits by name", () => {
    expect(readScopes("here", { api: { rate: "5/1s" }, disk: { concurrent: 2 } })).toEqual([
      { scope: "api", concurrent: null, rate: { count: 5, perMs: 1_000 } },
      { scope: "disk", concurrent: 2, rate: null },
    ]);
  });

  test.each<readonly [unknown, string]>([
    [undefined, "here takes an object of limits by name"],
    [[{ rate: "5/1s" }], "here takes an object of limits by name"],
    [{ "a:b": { rate: "5/1s" } }, "a limit's name must be"],
    [{ api: {} }, "here: api needs concurrent, rate or both"],
    [{ api: { rate: "5/1s", by: () => "a" } }, 'here: api has no option "by"'],
    [{ api: "5/1s" }, "here: api takes an object"],
  ])("refuses what is wrong, by name (case %#)", (given, says) => {
    expect(() => readScopes("here", given as never)).toThrow(coded("INVALID_OPTION", says));
  });
});

test("a gate names the scope, and the key where there is one", () => {
  expect([limitGate("api"), limitGate("api", "a:b")]).toEqual(["limit:api", "limit:api:a:b"]);
});
