import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { inRoot } from "./paths.mjs";
import { runNode, tool } from "./run.mjs";

const stamp = inRoot("dist/.sources");
const projectFiles = ["tsconfig.base.json", "tsconfig.src.json", "package-lock.json"];

/** True when dist was compiled from the sources as they are now. */
export const isCompiled = () => existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();

/** Compiles src into dist, which afterwards holds nothing that src no longer has. */
export async function compile() {
  console.log("compiling src into dist ...");
  const before = fingerprint();
  const { code } = await runNode([tool("tsc"), "-b", "tsconfig.src.json"]);
  if (code !== 0) throw new Error("src does not compile");
  removeLeftovers();
  mkdirSync(inRoot("dist"), { recursive: true });
  writeFileSync(stamp, before);
}

/** Of every file the compiler reads from us. */
function fingerprint() {
  return fingerprintOf([...projectFiles, ...sources().map((path) => `src/${path}`)]);
}

/**
 * Path, size and time of every file given.
 * @param {readonly string[]} files
 */
export function fingerprintOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const { size, mtimeMs } = statSync(inRoot(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

function sources() {
  return filesBelow("src").filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
}

function removeLeftovers() {
  const known = new Set(sources().map((path) => path.replace(/\.ts$/, "")));
  for (const path of filesBelow("dist").filter((name) => !name.startsWith("dashboard/page/"))) {
    const output = /^(.*?)\.(?:d\.ts|js)(?:\.map)?$/.exec(path)?.[1];
    if (output !== undefined && !known.has(output)) rmSync(inRoot(`dist/${path}`), { force: true });
  }
}

/** @param {string} folder */
export function filesBelow(folder) {
  if (!existsSync(inRoot(folder))) return [];
  const entries = readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" });
  return entries.map((path) => path.replaceAll("\\", "/")).sort();
}
