import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { run } from "./run.mjs";

const stamp = inRoot("node_modules/.holdfast-lockfile");

/** True when node_modules holds what the lockfile says. */
export const isInstalled = () =>
  existsSync(stamp) && readFileSync(stamp, "utf8") === lockfileHash();

/** Installs exactly the lockfile's packages and leaves a stamp inside node_modules. */
export async function install() {
  console.log("installing the packages of package-lock.json ...");
  const { code, output } = await npm(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]);
  if (code !== 0) throw new Error(`npm ci failed:\n${output}`);
  writeFileSync(stamp, lockfileHash());
}

/**
 * Runs npm: the one that runs this script, else the one on the path.
 * @param {readonly string[]} args
 */
export function npm(args) {
  const self = process.env["npm_execpath"];
  return self?.endsWith(".js")
    ? run(process.execPath, [self, ...args], { capture: true })
    : run("npm", args, { capture: true });
}

const lockfileHash = () =>
  createHash("sha256")
    .update(readFileSync(inRoot("package-lock.json")))
    .digest("hex");
