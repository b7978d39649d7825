import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { createPageResponse } from "./page-response.ts";

const outside = mkdtempSync(join(tmpdir(), "holdfast-page-"));
const folder = join(outside, "page");
const script = "let a = 1;\n".repeat(500);

beforeAll(() => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(outside, "secret.txt"), "secret");
  writeFileSync(join(folder, "index.html"), "<!doctype html><head lang=en><title>x</title></head>");
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
  writeFileSync(join(folder, "notes.md"), "not for the web");
  writeFileSync(join(folder, "assets/index-1.js"), script);
  symlinkSync(join(outside, "secret.txt"), join(folder, "assets/link.txt"));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

function asking(basePath = "/jobs", from = folder) {
  const respond = createPageResponse(from, basePath);
  return (path: string, headers: Readonly<Record<string, string>> = {}) =>
    respond(new Request("http://localhost/", { headers }), path);
}

test("no page at an address of two slashes, which a link would take for a host", () => {
  for (const path of ["/evil.example", "//", "/assets/x"]) {
    expect(() => asking("")(path)).toThrow(coded("ROUTE_NOT_FOUND", "two slashes"));
  }
});

test("the page for every path, at home under the base path", async () => {
  const page = asking();
  for (const path of ["", "index.html", "jobs/7", "queues/a%2Fb", "notes.md", "../secret.txt"]) {
    const answer = page(path);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(await answer.text()).toContain('<head lang=en><base href="/jobs/"><title>');
  }
  expect(await asking("")("").text()).toContain('<base href="/">');
});

test("its files, for ever where their names change", async () => {
  const page = asking();
  const asset = page("assets/index-1.js");
  expect(await asset.text()).toBe(script);
  expect(asset.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const icon = page("favicon.svg");
  expect(icon.headers.get("content-type")).toBe("image/svg+xml");
  expect(icon.headers.get("cache-control")).toBe("no-cache");
});

test.each(["assets/none.js", "assets/../../secret.txt", "assets/link.txt", "assets/", "assets/.."])(
  "%s is no file of it",
  (path) => {
    expect(() => asking()(path)).toThrow(coded("ROUTE_NOT_FOUND"));
  },
);

test("compressed for those who take it, where it is smaller", async () => {
  const page = asking();
  for (const accepted of ["gzip", "br, gzip;q=0.5", "GZIP ; q=1"]) {
    const { headers, body } = page("assets/index-1.js", { "accept-encoding": accepted });
    expect([headers.get("content-encoding"), headers.get("vary")]).toEqual([
      "gzip",
      "accept-encoding",
    ]);
    const bytes = await new Response(body).arrayBuffer();
    expect(bytes.byteLength).toBe(Number(headers.get("content-length")));
    expect(gunzipSync(bytes).toString()).toBe(script);
  }
  for (const accepted of ["", "br", "gzip;q=0", "gzip; q=0.00", "xgzip"]) {
    const { headers } = page("assets/index-1.js", { "accept-encoding": accepted });
    expect(headers.get("content-encoding"), accepted).toBeNull();
  }
  expect(
    page("favicon.svg", { "accept-encoding": "gzip" }).headers.get("content-encoding"),
  ).toBeNull();
});

test("not again to those who have it", () => {
  const page = asking();
  const etag = page("").headers.get("etag") ?? "";
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
    expect(page("", { "if-none-match": tag }).status).toBe(304);
  }
  expect(page("", { "if-none-match": '"other"' }).status).toBe(200);
  expect(asking("/other")("").headers.get("etag"), "another base path").not.toBe(etag);
});

test("a build without a page says so, and is looked for again", async () => {
  const late = join(outside, "late");
  const page = asking("", late);
  expect(() => page("")).toThrow(coded("PAGE_NOT_BUILT"));
  mkdirSync(late);
  expect(() => page("assets/a.js")).toThrow(coded("PAGE_NOT_BUILT"));
  writeFileSync(join(late, "index.html"), "<head></head>");
  expect(await page("").text()).toBe('<head><base href="/"></head>');
});
