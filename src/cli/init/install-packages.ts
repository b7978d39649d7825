import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { packageVersion } from "../../telemetry/package-version.ts";
import type { NeededPackage } from "./needed-packages.ts";
import { type PackageManager, packageManagers } from "./package-manager.ts";

/** The command lines that install packages: one for those of the application, one for tools. */
export function installCommands(
  manager: PackageManager,
  needs: readonly NeededPackage[],
): readonly string[][] {
  const { add, addDev } = packageManagers[manager];
  const specs = (dev: boolean) =>
    needs.filter((need) => need.dev === dev).map(({ name }) => specOf(name));
  return [
    { verb: add, specs: specs(false) },
    { verb: addDev, specs: specs(true) },
  ]
    .filter((command) => command.specs.length > 0)
    .map((command) => [manager, ...command.verb, ...command.specs]);
}

/** Runs a command line in a folder until it ends; what it says goes to standard error. Resolves with whether it went well. */
export function runInstall(
  [program = "npm", ...args]: readonly string[],
  folder: string,
): Promise<boolean> {
  // On Windows package managers are scripts, which only a shell runs.
  const shell = process.platform === "win32";
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", 2, 2], shell });
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}

/** Holdfast is installed as it was asked for when npx fetched it, else in its own version; others as their newest. */
function specOf(name: string): string {
  if (name === "@types/node") return `${name}@${process.versions.node.split(".")[0]}`;
  return name === "holdfast" ? (fetchedSpec() ?? `${name}@^${packageVersion() ?? "0"}`) : name;
}

interface FetchedPackage {
  readonly _npx?: { readonly packages?: readonly string[] };
}

/** What npx was asked for; it notes that in the folder it made for it. */
function fetchedSpec(): string | undefined {
  try {
    const note = new URL("../../../../../package.json", import.meta.url);
    const { _npx } = JSON.parse(readFileSync(note, "utf8")) as FetchedPackage;
    return _npx?.packages?.find((spec) => spec.includes("holdfast"));
  } catch {
    return undefined;
  }
}
