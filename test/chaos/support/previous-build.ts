import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildOf } from "../../../scripts/build-of.mjs";

/** The last commit before the newest step of each schema: what a fleet runs while it is upgraded. */
const previous = { postgres: "491573f", sqlite: "418218f" } as const;
const here = fileURLToPath(new URL(".", import.meta.url));
const programs = ["worker.mjs", "handlers.mjs", "jobs.mjs"];

/** False in a clone without those commits. */
export const hasPrevious = Object.values(previous).every(
  (commit) =>
    spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: here }).status === 0,
);

/** Compiles the version before a schema's newest step, once, and gives the program of its worker processes. */
export async function previousWorker(kind: keyof typeof previous): Promise<string> {
  const entry = await buildOf(previous[kind]);
  const folder = path.join(path.dirname(entry), "..", "chaos");
  // A package finds itself by its name, so these are workers of the build they lie in.
  for (const name of programs) cpSync(path.join(here, name), path.join(folder, name));
  return path.join(folder, "worker.mjs");
}
