import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildOf } from "../../../scripts/build-of.mjs";

/** The last commit before the newest step of the schema: what a fleet runs while it is upgraded. */
const previous = "418218f";
const here = fileURLToPath(new URL(".", import.meta.url));
const programs = ["worker.mjs", "handlers.mjs", "jobs.mjs"];

/** False in a clone without that commit. */
export const hasPrevious =
  spawnSync("git", ["cat-file", "-e", `${previous}^{commit}`], { cwd: here }).status === 0;

/** Compiles the previous version, once, and gives the program of its worker processes. */
export async function previousWorker(): Promise<string> {
  const entry = await buildOf(previous);
  const folder = path.join(path.dirname(entry), "..", "chaos");
  // A package finds itself by its name, so these are workers of the build they lie in.
  for (const name of programs) cpSync(path.join(here, name), path.join(folder, name));
  return path.join(folder, "worker.mjs");
}
