import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { callerOf, toRequest } from "./node-exchange.ts";

function exchange(rawHeaders: readonly string[]): [IncomingMessage, ServerResponse] {
  const incoming = { rawHeaders, method: "GET", url: "/a?b=1", socket: { remoteAddress: "::1" } };
  return [incoming as unknown as IncomingMessage, new EventEmitter() as ServerResponse];
}

test("a request over HTTP/2 says in :authority what one over HTTP/1 says in host", () => {
  const names = { ":method": "GET", ":path": "/a", ":authority": "jobs.example:7" };
  const [incoming, outgoing] = exchange([
    ...Object.entries(names).flat(),
    "accept",
    "a",
    "Accept",
    "b",
  ]);
  const { url, headers } = toRequest(incoming, outgoing);
  expect(url).toBe("http://localhost/a?b=1");
  expect([...headers]).toEqual([
    ["accept", "a, b"],
    ["host", "jobs.example:7"],
  ]);
  expect(callerOf(incoming)).toEqual({ remoteAddress: "::1" });
});

test("two hosts are no host that anything would trust", () => {
  const [incoming, outgoing] = exchange(["host", "localhost", "Host", "evil.example"]);
  expect(toRequest(incoming, outgoing).headers.get("host")).toBe("localhost, evil.example");
});

test("a path that leads up is none: it would lead past whoever guards a part of the paths", () => {
  const pathOf = (url: string) => new URL(toRequest(...exchange([]), { url }).url).pathname;
  for (const straight of ["/a/b", "/a/..b/c...", "/a/%2F", "/a/.b?c=/../d", "/a//b"]) {
    expect(pathOf(straight), straight).toBe(straight.split("?")[0]);
  }
  for (const winding of [
    "/a/../b",
    "/a/..",
    "/a/./b",
    "/a/%2E%2e/b",
    "/a/.%2e",
    "/a\\b",
    "b",
    "",
  ]) {
    expect(pathOf(winding), winding).toBe("/");
  }
});
