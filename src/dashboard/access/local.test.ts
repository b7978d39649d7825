import { describe, expect, test } from "vitest";
import { isLocal, isLoopback } from "./local.ts";

const ask = (headers: Record<string, string>, remoteAddress?: string) =>
  isLocal(new Request("http://localhost/", { headers }), { remoteAddress });

describe("a request is local", () => {
  test.each(["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"])(
    "from %s by a loopback name",
    (address) => {
      const hosts = [
        "localhost",
        "LOCALHOST:7077",
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]",
        "[::1]:1",
      ];
      for (const host of hosts) expect(ask({ host }, address), host).toBe(true);
    },
  );

  test.each([
    undefined,
    "",
    "10.0.0.1",
    "128.0.0.1",
    "::2",
    "::ffff:10.0.0.1",
    "127.evil.example",
    "::ffff:::1",
    "localhost",
  ])("and is not from %s", (address) => {
    expect(ask({ host: "localhost" }, address)).toBe(false);
  });

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "localhost:80:80",
    "localhost:80@evil.example",
    "[::1]evil",
    "[localhost",
    "192.168.0.1",
    "0.0.0.0",
    "[::]",
    "",
    "localhost, evil.example",
  ])("and is not by the name %j, as a rebound one would be", (host) => {
    expect(ask({ host }, "127.0.0.1")).toBe(false);
  });

  test("and is not without a name", () => {
    expect(ask({}, "127.0.0.1")).toBe(false);
  });

  test.each([
    "Forwarded",
    "Via",
    "X-Real-IP",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "x-forwarded-anything",
    "X-Forwarded",
    "X-Original-Forwarded-For",
    "X-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "True-Client-IP",
    "Client-IP",
  ])("and is not through a proxy that says %s", (name) => {
    expect(ask({ host: "localhost", [name]: "1" }, "127.0.0.1")).toBe(false);
  });
});

test("an address with a zone or a port is no loopback address", () => {
  for (const address of ["::1%lo", "127.0.0.1:80", "[::1]"]) {
    expect(isLoopback(address), address).toBe(false);
  }
});
