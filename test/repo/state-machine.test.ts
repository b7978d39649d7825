import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { transitions } from "../../src/core/lifecycle.ts";
import { codeBlocks, root } from "./docs/pages.ts";

const path = "docs/state-machine.md";
const text = readFileSync(root + path, "utf8");

test("docs/state-machine.md draws exactly the transitions of core/lifecycle.ts", () => {
  const drawing = codeBlocks({ path, text }).find(({ language }) => language === "mermaid");
  const arrows = [...(drawing?.code ?? "").matchAll(/^ *(\w+) --> (\w+)/gm)];
  const drawn = arrows.map(([, from, to]) => `${from} to ${to}`);
  const real = Object.entries(transitions).flatMap(([from, ends]) =>
    ends.map((to) => `${from} to ${to}`),
  );
  expect(drawn.sort()).toEqual(real.sort());
});

test("docs/state-machine.md explains every state", () => {
  const rows = [...text.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? "");
  const explained = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word));
  expect(explained).toHaveLength(new Set(explained).size);
  expect(new Set(explained)).toEqual(new Set(Object.keys(transitions)));
});
