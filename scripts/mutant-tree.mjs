import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inRoot, root } from "./paths.mjs";
import { exitCode, run, runNode, tool } from "./run.mjs";

/** @typedef {import("./mutant-patches.mjs").Mutant} Mutant */

/**
 * A copy of this tree that may be broken.
 * @typedef {object} MutantTree
 * @property {() => Promise<void>} compile compiles it; rejects when it does not compile
 * @property {(mutant: Mutant) => Promise<void>} apply breaks it; rejects when the patch does not apply
 * @property {(mutant: Mutant) => void} restore makes it whole again
 * @property {(mutants: readonly Mutant[]) => Promise<Map<Mutant, Verdict>>} test runs the tests the mutants name
 * @property {() => void} remove
 */

/**
 * What became of a test: `missing` when it was not run at all.
 * @typedef {"passed" | "failed" | "missing"} Verdict
 */

const leftOut = new Set([".git", "node_modules", "coverage", ".cache"]);

/**
 * Copies the tree as it is, changes that are not committed included.
 * @returns {MutantTree}
 */
export function copyTree() {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-mutants-"));
  cpSync(root, folder, {
    recursive: true,
    // The compiler's notes of what it has read stay true.
    preserveTimestamps: true,
    filter: (source) => !leftOut.has(path.basename(source)),
  });
  symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"), "dir");
  return {
    compile: () => compile(folder),
    apply: (mutant) => apply(folder, mutant),
    // Written, not copied with its old time: the compiler must see that it has changed.
    restore({ sources }) {
      for (const source of sources)
        writeFileSync(path.join(folder, source), readFileSync(inRoot(source)));
    },
    test: (mutants) => test(folder, mutants),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param {string} folder */
async function compile(folder) {
  const args = [tool("tsc"), "-b", "tsconfig.src.json"];
  const ending = await runNode(args, { cwd: folder, capture: true });
  if (exitCode(ending) !== 0) throw new Error(`it does not compile:\n${ending.output}`);
}

/**
 * The patch applies as long as a line of what stands around each change is as it was.
 * @param {string} folder
 * @param {Mutant} mutant
 */
async function apply(folder, { patch }) {
  const args = ["apply", "-C1", "--whitespace=nowarn", patch];
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(folder) };
  const ending = await run("git", args, { cwd: folder, env, capture: true });
  if (exitCode(ending) !== 0) throw new Error(`it does not apply:\n${ending.output}`);
}

/**
 * @param {string} folder
 * @param {readonly Mutant[]} mutants
 */
async function test(folder, mutants) {
  const files = [...new Set(mutants.map(({ file }) => file))];
  const projects = new Set(files.map(projectOf));
  const report = path.join(folder, ".mutant-report.json");
  rmSync(report, { force: true });
  const args = [
    tool("vitest"),
    "run",
    ...[...projects].flatMap((project) => ["--project", project]),
    ...files,
    "-t",
    mutants.map((mutant) => literal(mutant.test)).join("|"),
    "--reporter=json",
    `--outputFile=${report}`,
    // Of a mutant's test on several databases the first failure is enough.
    ...(mutants.length === 1 ? ["--bail=1"] : []),
  ];
  const { output } = await runNode(args, { cwd: folder, env: environment(files), capture: true });
  const results = readReport(report, output);
  return new Map(mutants.map((mutant) => [mutant, verdictOf(mutant, folder, results)]));
}

/** @param {string} file */
function projectOf(file) {
  return file.startsWith("src/") ? "unit" : (file.split("/")[1] ?? "");
}

/**
 * SQLite's laws need no server, so none is started for them.
 * @param {readonly string[]} files
 */
function environment(files) {
  const serverless = files.every((file) => /^src\/|\/sqlite-[a-z]+\.test\.ts$/.test(file));
  return serverless ? { ...process.env, DATABASE_URL: "postgres://nobody.invalid/" } : process.env;
}

/** @param {string} text */
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** @typedef {{ name: string, assertionResults: { title: string, status: string }[] }} FileResult */

/**
 * @param {string} report
 * @param {string} output
 * @returns {readonly FileResult[]}
 */
function readReport(report, output) {
  try {
    const { testResults } = /** @type {{ testResults: FileResult[] }} */ (
      JSON.parse(readFileSync(report, "utf8"))
    );
    return testResults;
  } catch (cause) {
    throw new Error(`the tests could not be run:\n${output}`, { cause });
  }
}

/**
 * A title may stand for several tests, on several databases: one that fails is enough.
 * @param {Mutant} mutant
 * @param {string} folder
 * @param {readonly FileResult[]} results
 * @returns {Verdict}
 */
function verdictOf({ file, test: title }, folder, results) {
  const states = results
    .filter(({ name }) => path.resolve(name).endsWith(path.join(path.basename(folder), file)))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter((result) => result.title === title)
    .map(({ status }) => status);
  if (states.includes("failed")) return "failed";
  return states.includes("passed") ? "passed" : "missing";
}
