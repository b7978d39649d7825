import { expect, test } from "vitest";
import type { GrantOrNone } from "./authorize.ts";
import { createGatekeeper } from "./gatekeeper.ts";

const request = new Request("http://localhost/", { headers: { host: "localhost" } });

const identity = async (grant: GrantOrNone, remoteAddress?: string) => {
  const { visitor } = createGatekeeper(() => grant, "dashboard");
  return (await visitor(request, { remoteAddress })).identity;
};

test("visitors are told apart by the name authorize gives, and without one by where they come from", async () => {
  expect(await identity({ role: "viewer", actor: "ada" }, "10.0.0.1")).toBe("actor:ada");
  expect(await identity("viewer", "10.0.0.1")).toBe("network:10.0.0.1");
  expect(await identity(["read"], "2001:db8::1")).toBe(await identity("admin", "2001:db8::2"));
  expect(await identity({ role: "viewer" })).toBe("network:");
  const { visitor } = createGatekeeper(undefined, "dashboard");
  expect((await visitor(request, { remoteAddress: "::1" })).identity).toBe("here");
});
