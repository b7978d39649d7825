import type { Layout } from "./layout.ts";
import { ownSpec } from "./own-spec.ts";
import { namedPackages } from "./package-file.ts";
import type { Project } from "./read-project.ts";

/** A package a scaffold cannot run without. */
export interface NeededPackage {
  readonly name: string;
  /** How it is asked for: not every package manager takes the newest version that fits. */
  readonly spec: string;
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
  const [major = ""] = process.versions.node.split(".");
  return [
    { name: "holdfast", spec: ownSpec(), dev: false, why: "the project does not have it" },
    ...(database === "postgres" ? [peer("pg", "it speaks to PostgreSQL")] : []),
    ...(noSqlite ? [peer("@photostructure/sqlite", "this Node has no SQLite of its own")] : []),
    ...(layout.typed ? [tool("typescript", "", "it checks the types")] : []),
    ...(layout.typed ? [tool("@types/node", `@${major}`, "they are Node's types")] : []),
    ...(layout.needsTsx ? [tool("tsx", "", "it runs TypeScript")] : []),
  ];
}

/** The versions of optional peers that are asked for. */
export const peerVersions = { pg: "^8.11.0", "@photostructure/sqlite": "^1.2.1" } as const;

function peer(name: keyof typeof peerVersions, why: string): NeededPackage {
  return { name, spec: `${name}@${peerVersions[name]}`, dev: false, why };
}

function tool(name: string, version: string, why: string): NeededPackage {
  return { name, spec: name + version, dev: true, why };
}
