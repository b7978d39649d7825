import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { filesBelow, fingerprintOf } from "./compile.mjs";
import { inRoot } from "./paths.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

const stamp = inRoot("dist/.page");
/** What the page is made of: its own sources, and those of src that it runs as well. */
const folders = ["web", "src/dashboard/filter", "src/dashboard/json", "src/core"];

/** True when dist holds the dashboard's page as its sources are now. */
export const isPageBuilt = () => existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();

/** Builds the dashboard's page into dist/dashboard/page. */
export async function buildPage() {
  console.log("building the dashboard's page ...");
  const before = fingerprint();
  const args = [tool("vite"), "build", "--config", "web/vite.config.ts", "--logLevel", "warn"];
  const ending = await runNode(args, { capture: true });
  if (exitCode(ending) !== 0) throw new Error(`the page does not build:\n${ending.output}`);
  writeFileSync(stamp, before);
}

function fingerprint() {
  const files = folders.flatMap((folder) => filesBelow(folder).map((path) => `${folder}/${path}`));
  const sources = files.filter((path) => /\.(ts|tsx|css|html|svg)$/.test(path));
  return fingerprintOf([
    "package-lock.json",
    ...sources.filter((path) => !path.includes(".test.")),
  ]);
}
