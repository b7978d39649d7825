import { expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { readGrant } from "./authorize.ts";
import { permissions, rolePermissions } from "./permission.ts";

test("a role, a list, or either with a name", () => {
  expect(readGrant("admin")).toEqual({
    actor: undefined,
    role: "admin",
    permissions: new Set(permissions),
  });
  expect(readGrant(["read", "audit", "read"])).toEqual({
    actor: undefined,
    role: null,
    permissions: new Set(["read", "audit"]),
  });
  expect(readGrant({ role: "operator", actor: "ada" })).toEqual({
    actor: "ada",
    role: "operator",
    permissions: new Set(rolePermissions.operator),
  });
  expect(readGrant({ permissions: [], actor: undefined })).toEqual({
    actor: undefined,
    role: null,
    permissions: new Set(),
  });
});

test("nothing is nobody", () => {
  for (const nothing of [undefined, null, false]) expect(readGrant(nothing)).toBeUndefined();
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
  expect(() => readGrant(grant)).toThrow(coded("AUTHORIZE_FAILED"));
  expect(() => readGrant(grant)).toThrow(new RegExp(says));
});
