import type { Layout } from "./layout.ts";
import { namedPackages } from "./package-file.ts";
import type { Project } from "./read-project.ts";

/** A package a scaffold cannot run without. */
export interface NeededPackage {
  readonly name: string;
  readonly dev: boolean;
  readonly why: string;
}

/** Which packages a project has neither installed nor named; one that it names is its own to install. */
export function neededPackages(project: Project, layout: Layout): readonly NeededPackage[] {
  const named = namedPackages(project.packageFile ?? {});
  return wanted(project, layout).filter(
    ({ name }) => !named.has(name) && !project.hasPackage(name),
  );
}

/** True when packages the scaffold uses are named but not installed. */
export function isUninstalled(project: Project, layout: Layout): boolean {
  const named = namedPackages(project.packageFile ?? {});
  return wanted(project, layout).some(({ name }) => named.has(name) && !project.hasPackage(name));
}

function wanted({ database, node }: Project, layout: Layout): readonly NeededPackage[] {
  const noSqlite = database === "sqlite" && !node.hasSqlite;
  return [
    need("holdfast", "the project does not have it"),
    ...(database === "postgres" ? [need("pg", "it speaks to PostgreSQL")] : []),
    ...(noSqlite ? [need("@photostructure/sqlite", "this Node has no SQLite of its own")] : []),
    ...(layout.typed
      ? [tool("typescript", "it checks the types"), tool("@types/node", "they are Node's types")]
      : []),
    ...(layout.needsTsx ? [tool("tsx", "it runs TypeScript")] : []),
  ];
}

function need(name: string, why: string): NeededPackage {
  return { name, dev: false, why };
}

function tool(name: string, why: string): NeededPackage {
  return { name, dev: true, why };
}
