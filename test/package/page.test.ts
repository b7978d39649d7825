import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../dist/dashboard/page/", import.meta.url));
const html = readFileSync(`${folder}index.html`, "utf8");
const gzipped = (path: string) => gzipSync(readFileSync(folder + path)).length;
const linked = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path = ""]) => path);

/** A script and all that it cannot begin without. */
function withImports(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  const imports = readFileSync(folder + path, "utf8").matchAll(/(?:from|import)"\.\/([^"]+)"/g);
  for (const [, name = ""] of imports) withImports(`assets/${name}`, found);
  return found;
}

describe("the dashboard's page", () => {
  test("is read by a browser in less than 150 kB: what its HTML names, the first page, and what that needs", () => {
    const [first, ...others] = readdirSync(`${folder}assets`)
      .filter((name) => /^overview-page.*\.js$/.test(name))
      .map((name) => `assets/${name}`);
    expect(others).toEqual([]);
    const files = new Set(["index.html", ...linked, ...withImports(first ?? "")]);
    const sum = [...files].map(gzipped).reduce((all, size) => all + size, 0);
    expect(sum).toBeLessThan(150_000);
    expect(sum).toBeGreaterThan(75_000);
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
