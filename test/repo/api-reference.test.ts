import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiPages } from "../../scripts/api-reference/all-pages.mjs";
import { readPages, root } from "./docs/pages.ts";

const pages = apiPages();

test("docs/api is what the sources say today: npm run docs:api writes it", () => {
  const kept = [...readdirSync(`${root}docs/api`).map((name) => `docs/api/${name}`), "llms.txt"];
  expect(kept.toSorted()).toEqual([...pages.keys()].toSorted());
  const stale = kept.filter((path) => readFileSync(root + path, "utf8") !== pages.get(path));
  expect(stale, "run npm run docs:api").toEqual([]);
});

test("the reference has the doors of the package, their functions and what they throw", () => {
  const page = pages.get("docs/api/holdfast.md") ?? "";
  expect(page).toMatch(/^## createClient$/m);
  expect(page).toMatch(/^Throws .*\n`SCHEMA_TOO_NEW`/m);
  expect(page).toContain("function createWorker");
  expect(page, "members are told one by one").toMatch(/^- `explain\(\)`: /m);
  expect(page, "bodies stay in the sources").not.toContain("checkOptions(");
  expect([...pages.keys()]).toContain("docs/api/testing.md");
});

test("llms.txt names every page of the documentation, with what it says", () => {
  const text = pages.get("llms.txt") ?? "";
  const paths = readPages().map(({ path }) => path);
  const missing = paths.filter(
    (path) => /^docs\/(?!adr)/.test(path) && !text.includes(`](${path})`),
  );
  expect(missing).toEqual([]);
  expect(text).toMatch(/^- \[Transactions\]\(docs\/guides\/transactions\.md\): \S.*\.$/m);
});

test("every exported name has a doc comment", () => {
  const bare = [...pages].flatMap(([path, text]) =>
    [...text.matchAll(/^## (\w+)\n\n\*\w+\*\n\n```/gm)].map(([, name]) => `${path}: ${name}`),
  );
  expect(bare).toEqual([]);
});
