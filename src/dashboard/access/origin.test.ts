import { describe, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { checkReadOrigin, checkWriteOrigin } from "./origin.ts";

type Headers = Readonly<Record<string, string>>;

const sound: Headers = {
  host: "ops.example.com",
  "x-holdfast": "1",
  "content-type": "application/json",
};
const requestOf = (headers: Headers) => new Request("http://localhost/", { headers });
const write = (headers: Headers, origins: readonly string[] = []) =>
  checkWriteOrigin(requestOf({ ...sound, ...headers }), origins);

describe("a write", () => {
  test.each<[string, Headers]>([
    ["a program", {}],
    ["a program by the fetch of Node", { "sec-fetch-mode": "cors" }],
    ["the page", { origin: "https://ops.example.com", "sec-fetch-site": "same-origin" }],
    ["the page in a browser that says little", { origin: "https://ops.example.com" }],
    [
      "the page on its scheme's port",
      { origin: "https://ops.example.com", host: "ops.example.com:443" },
    ],
    ["the page on another port", { origin: "http://a:8080", host: "a:8080" }],
    ["a browser that leaves the origin out", { "sec-fetch-site": "same-origin" }],
    ["a person by hand", { "sec-fetch-site": "none", "sec-fetch-mode": "cors" }],
    ["JSON in a charset", { "content-type": "Application/JSON; charset=utf-8" }],
  ])("of %s is let through", (_what, headers) => {
    expect(() => write(headers)).not.toThrow();
  });

  test.each<[string, Headers, string]>([
    ["another site", { origin: "https://evil.example" }, "another origin"],
    ["another port", { origin: "https://ops.example.com:8443" }, "another origin"],
    [
      "another scheme",
      { origin: "http://ops.example.com", "sec-fetch-site": "cross-site" },
      "another origin",
    ],
    [
      "a neighbour",
      { origin: "https://ops.example.com", "sec-fetch-site": "same-site" },
      "another origin",
    ],
    ["a page without an origin", { origin: "null" }, "another origin"],
    ["what is no origin", { origin: "ops.example.com" }, "another origin"],
    [
      "a host that is none",
      { origin: "https://ops.example.com", host: "ops.example.com/?" },
      "another origin",
    ],
    ["a browser that leaves the origin out", { "sec-fetch-site": "cross-site" }, "another origin"],
    ["a neighbour that leaves it out", { "sec-fetch-site": "same-site" }, "another origin"],
    ["an old browser, by its referer", { referer: "https://evil.example/" }, "another origin"],
    ["a form", { "content-type": "text/plain" }, "content-type"],
    ["no type", { "content-type": "" }, "content-type"],
    ["nearly the type", { "content-type": "application/json-seq" }, "content-type"],
  ])("of %s is refused", (_what, headers, says) => {
    expect(() => write(headers)).toThrow(coded("ORIGIN_REFUSED", says));
  });

  test("without the header is refused, and without a host when a browser sends it", () => {
    const { "x-holdfast": _header, ...bare } = sound;
    expect(() => checkWriteOrigin(requestOf(bare), [])).toThrow(
      coded("ORIGIN_REFUSED", "x-holdfast"),
    );
    const { host: _host, ...nameless } = sound;
    const asked = requestOf({ ...nameless, origin: "http://localhost" });
    expect(() => checkWriteOrigin(asked, [])).toThrow(coded("ORIGIN_REFUSED", "another origin"));
  });

  test("of a listed origin is let through, and of nothing that looks like it", () => {
    const origins = ["https://jobs.example.com"];
    const from = (origin: string) => () =>
      write({ origin, "sec-fetch-site": "cross-site", host: "10.0.0.7:3000" }, origins);
    expect(from("https://jobs.example.com")).not.toThrow();
    for (const origin of ["http://jobs.example.com", "https://jobs.example.com.evil.example"]) {
      expect(from(origin), origin).toThrow(coded("ORIGIN_REFUSED"));
    }
  });
});

describe("a read", () => {
  const read = (headers: Headers) => checkReadOrigin(requestOf(headers), ["https://a.example"]);

  test.each<Headers>([
    {},
    { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
    { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "https://a.example" },
  ])("with %j is let through", (headers) => {
    expect(() => read(headers)).not.toThrow();
  });

  test.each<Headers>([
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", origin: "https://b.example" },
    { "sec-fetch-site": "cross-site" },
  ])("with %j is refused", (headers) => {
    expect(() => read(headers)).toThrow(coded("ORIGIN_REFUSED"));
  });
});
