import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { childEnvironment } from "./child-environment.ts";

const host = { PATH: "/bin", HOME: "/root", SECRET: "secret" };

describe("a child's environment", () => {
  test("is PATH alone by default", () => {
    expect(childEnvironment(host, [])).toEqual({ PATH: "/bin" });
  });

  test("has what is named and its own, which wins; what is not set is left out", () => {
    const own = { HOME: "/srv", LANG: "C", PATH: undefined };
    expect(childEnvironment(host, ["HOME", "MISSING"], own)).toEqual({
      PATH: "/bin",
      HOME: "/srv",
      LANG: "C",
    });
  });

  test.each([
    ["A\u0000", "a"],
    ["A=B", "a"],
    ["", "a"],
    ["A", "a\u0000b"],
    ["A", 7],
  ])("refuses %j=%j", (name, value) => {
    const own = { [name]: value } as Record<string, string>;
    expect(() => childEnvironment(host, [], own)).toThrow(coded("INVALID_OPTION"));
  });
});
