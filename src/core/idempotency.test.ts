import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { type IdempotencyKey, idempotencyClaim } from "./idempotency.ts";

const day = 86_400_000;

describe("an idempotency key", () => {
  test("counts for a day after its job's end unless it says how long", () => {
    expect(idempotencyClaim("order-1")).toEqual({ key: "order-1", keptMs: day });
    expect(idempotencyClaim({ key: "order-1" })).toEqual({ key: "order-1", keptMs: day });
    expect(idempotencyClaim({ key: "order-1", keep: "7d" })).toEqual({
      key: "order-1",
      keptMs: 7 * day,
    });
    expect(idempotencyClaim({ key: "order-1", keep: 0 }).keptMs).toBe(0);
  });

  test.each<readonly [unknown, string]>([
    ["", "1 to 255 characters"],
    ["a\u0000b", "1 to 255 characters"],
    ["k".repeat(256), "1 to 255 characters"],
    [{ keep: "1d" }, "idempotencyKey"],
    [{ key: 7 }, "key"],
    [{ key: "k", keep: "soon" }, "keep"],
    [{ key: "k", keptMs: 1 }, "keptMs"],
  ])("%j is refused", (option, says) => {
    expect(() => idempotencyClaim(option as IdempotencyKey)).toThrow(coded("INVALID_OPTION", says));
  });
});
