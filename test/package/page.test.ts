import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../dist/dashboard/page/", import.meta.url));
const html = readFileSync(`${folder}index.html`, "utf8");
const gzipped = (path: string) => gzipSync(readFileSync(folder + path)).length;
const linked = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path = ""]) => path);

describe("the dashboard's page", () => {
  test("is read by a browser in less than 150 kB: what its HTML names, and the first page", () => {
    const first = readdirSync(`${folder}assets`).filter((name) => name.startsWith("overview-page"));
    expect(first).toHaveLength(1);
    const paths = ["index.html", ...linked, ...first.map((name) => `assets/${name}`)];
    const sum = paths.map(gzipped).reduce((all, size) => all + size, 0);
    expect(sum).toBeLessThan(150_000);
  });

  test("has no script and no style of its own in the HTML, and names all files relatively", () => {
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html.match(/<script(?![^>]*\ssrc="\.\/assets\/)/)).toBeNull();
    expect(html.match(/(?:src|href)="\/(?!")/)).toBeNull();
    expect(linked.length).toBeGreaterThan(2);
  });

  test("comes with one style sheet", () => {
    const sheets = readdirSync(`${folder}assets`).filter((name) => name.endsWith(".css"));
    expect(sheets).toHaveLength(1);
  });
});
