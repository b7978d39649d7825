import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { layoutOf } from "./layout.ts";
import { neededPackages, peerVersions } from "./needed-packages.ts";
import type { Project } from "./read-project.ts";

const bare: Project = {
  folder: "/nowhere",
  packageFile: { type: "module" },
  packageManager: "npm",
  tsconfig: undefined,
  language: "JavaScript",
  orm: undefined,
  framework: undefined,
  database: "sqlite",
  base: "",
  node: { runsTypeScript: true, hasSqlite: true },
  read: () => undefined,
  hasPackage: (name) => name === "holdfast",
};

function namesFor(changed: Partial<Project>) {
  const project = { ...bare, ...changed };
  return neededPackages(project, layoutOf(project)).map(({ name }) => name);
}

test.each<[Partial<Project>, readonly string[]]>([
  [{}, []],
  [{ hasPackage: () => false }, ["holdfast"]],
  [{ node: { runsTypeScript: false, hasSqlite: false } }, ["@photostructure/sqlite"]],
  [{ database: "postgres", node: { runsTypeScript: false, hasSqlite: false } }, ["pg"]],
  [{ database: "postgres", packageFile: { dependencies: { pg: "8" } } }, []],
  [{ language: "TypeScript" }, ["typescript", "@types/node"]],
  [
    { language: "TypeScript", node: { runsTypeScript: false, hasSqlite: true } },
    ["typescript", "@types/node", "tsx"],
  ],
])("what a project of %j lacks: %j", (changed, names) => {
  expect(namesFor(changed)).toEqual(names);
});

test("optional peers are asked for in versions that the package takes", () => {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { peerDependencies } = JSON.parse(text) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  expect(peerDependencies).toMatchObject({ pg: ">=8.11", "@photostructure/sqlite": ">=1.2.1 <2" });
  expect(peerVersions).toEqual({ pg: "^8.11.0", "@photostructure/sqlite": "^1.2.1" });
});
