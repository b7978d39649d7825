import { expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { readVisitor } from "./authorize.ts";
import { permissions, rolePermissions } from "./permission.ts";

test("a role, a list, or either with a name", () => {
  expect(readVisitor("admin", "x")).toEqual({
    actor: "x",
    role: "admin",
    permissions: new Set(permissions),
  });
  expect(readVisitor(["read", "audit", "read"], "x")).toEqual({
    actor: "x",
    role: null,
    permissions: new Set(["read", "audit"]),
  });
  expect(readVisitor({ role: "operator", actor: "ada" }, "x")).toEqual({
    actor: "ada",
    role: "operator",
    permissions: new Set(rolePermissions.operator),
  });
  expect(readVisitor({ permissions: [], actor: undefined }, "x")).toEqual({
    actor: "x",
    role: null,
    permissions: new Set(),
  });
});

test("nothing is nobody", () => {
  for (const nothing of [undefined, null, false]) expect(readVisitor(nothing, "x")).toBeUndefined();
});

test.each([
  [true, "true"],
  [1, "1"],
  ["", 'role ""'],
  ["Admin", 'role "Admin"'],
  ["constructor", 'role "constructor"'],
  [["read", "jobs:*"], 'permission "jobs:\\*"'],
  [["read", undefined], "permission undefined"],
  [{}, "without a role"],
  [{ role: "admin", permissions: ["read"] }, "with both"],
  [{ role: ["admin"] }, "without a role"],
  [{ role: "root" }, 'role "root"'],
  [{ permissions: ["root"] }, 'permission "root"'],
  [{ permissions: new Set(["read"]) }, "without a list"],
  [{ role: "admin", actor: "" }, "actor"],
  [{ role: "admin", actor: 7 }, "actor"],
  [{ role: "admin", actor: null }, "actor"],
])("%j is refused", (grant, says) => {
  expect(() => readVisitor(grant, "x")).toThrow(coded("AUTHORIZE_FAILED"));
  expect(() => readVisitor(grant, "x")).toThrow(new RegExp(says));
});
