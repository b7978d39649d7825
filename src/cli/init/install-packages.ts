import { spawn } from "node:child_process";
import type { NeededPackage } from "./needed-packages.ts";
import { type PackageManager, packageManagers } from "./package-manager.ts";

/** The command lines that install packages: one for those of the application, one for tools. */
export function installCommands(
  manager: PackageManager,
  needs: readonly NeededPackage[],
): readonly string[][] {
  const { add, addDev } = packageManagers[manager];
  const specs = (dev: boolean) => needs.filter((need) => need.dev === dev).map(({ spec }) => spec);
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
