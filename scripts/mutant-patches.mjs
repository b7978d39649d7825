import { readdirSync, readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";

/**
 * A way to break the code, and the test that must notice.
 * @typedef {object} Mutant
 * @property {string} name the patch's file name
 * @property {string} breaks what the patch breaks, in words
 * @property {string} file the test file to run
 * @property {string} test the title of the test that must fail
 * @property {string} patch the path of the patch
 * @property {readonly string[]} sources what it changes, relative to the root
 */

const folder = "test/mutants";

/**
 * The patches of `test/mutants`, by name.
 * @returns {readonly Mutant[]}
 */
export function readMutants() {
  return readdirSync(inRoot(folder))
    .filter((name) => name.endsWith(".patch"))
    .sort()
    .map(readMutant);
}

/**
 * @param {string} name
 * @returns {Mutant}
 */
function readMutant(name) {
  const patch = inRoot(`${folder}/${name}`);
  const text = readFileSync(patch, "utf8");
  const header = text.slice(0, text.indexOf("diff --git"));
  /** @param {string} field */
  const read = (field) => {
    const value = new RegExp(`^${field}: (.+)$`, "m").exec(header)?.[1];
    if (value === undefined) throw new Error(`${folder}/${name} has no line "${field}: ..."`);
    return value;
  };
  const sources = [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, path = ""]) => path);
  return { name, breaks: read("Breaks"), file: read("File"), test: read("Test"), patch, sources };
}
