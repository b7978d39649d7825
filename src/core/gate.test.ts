import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { gatesOf, scopeOfGate } from "./gate.ts";
import { type LimitOptions, readLimits } from "./limit-options.ts";

function plan(
  lane: string | ((payload: never) => unknown) | undefined,
  ...limits: LimitOptions<never>[]
) {
  return { lane, limits: readLimits("report", limits) };
}

describe("the gates of a job", () => {
  test("are none without a lane and limits", () => {
    expect(gatesOf(plan(undefined), {})).toBeUndefined();
  });

  test("are sorted, each with the weight of the job", () => {
    const tenant = (payload: { tenant: string }) => payload.tenant;
    const both = plan(
      tenant,
      { concurrent: 2, by: tenant, weight: 3 },
      { scope: "api", rate: "1/1s" },
    );
    expect(gatesOf(both, { tenant: "b:c" })).toEqual([
      { gate: "lane:b:c", weight: 1 },
      { gate: "limit:api", weight: 1 },
      { gate: "limit:report:b:c", weight: 3 },
    ]);
  });

  test("of a lane given as text is that lane", () => {
    expect(gatesOf(plan("x"), null)).toEqual([{ gate: "lane:x", weight: 1 }]);
  });

  test.each([[""], ["x".repeat(256)], [7], [undefined], ["a\u0000"]])(
    "cannot come from %j",
    (value) => {
      expect(() =>
        gatesOf(
          plan(() => value),
          {},
        ),
      ).toThrow(coded("INVALID_OPTION"));
      const by = (): string => value as string;
      expect(() => gatesOf(plan(undefined, { concurrent: 1, by }), {})).toThrow(
        coded("INVALID_OPTION"),
      );
    },
  );
});

test("a gate names its scope, a lane has none", () => {
  expect(["limit:api", "limit:api:b:c", "lane:limit:x"].map(scopeOfGate)).toEqual([
    "api",
    "api",
    undefined,
  ]);
});
