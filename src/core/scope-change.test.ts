import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import type { LimitChange } from "./limits-client.ts";
import { readScopeChange } from "./scope-change.ts";

test.each<readonly [LimitChange, unknown]>([
  [{ concurrent: 2 }, { concurrent: 2 }],
  [{ concurrent: null }, { concurrent: null }],
  [{ rate: "100/1m" }, { rate: { count: 100, perMs: 60_000 } }],
  [
    { rate: null, concurrent: 1 },
    { rate: null, concurrent: 1 },
  ],
])("a change says what it changes and nothing else (case %#)", (to, change) => {
  expect(readScopeChange("limits.update", to)).toEqual(change);
});

test.each<readonly [unknown, string]>([
  [{}, "limits.update needs concurrent, rate or both"],
  [{ concurrent: undefined }, "limits.update needs concurrent, rate or both"],
  [{ concurrent: 0 }, "concurrent must be"],
  [{ rate: "100" }, "limits.update: rate must be a rate"],
  [{ weight: 1 }, 'limits.update has no option "weight"'],
  [null, "limits.update takes an object"],
])("what is no change is refused, by name (case %#)", (to, says) => {
  expect(() => readScopeChange("limits.update", to as LimitChange)).toThrow(
    coded("INVALID_OPTION", says),
  );
});
