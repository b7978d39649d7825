import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { cacheFolder, inRoot } from "./paths.mjs";
import { exitCode, run, runNode, tool } from "./run.mjs";

/**
 * Compiles the sources of a commit with the packages installed here, once.
 * @param {string} commit as git names it
 * @returns {Promise<string>} the compiled entry
 */
export async function buildOf(commit) {
  const sha = (await git("rev-parse", "--verify", "--quiet", `${commit}^{commit}`)).trim();
  const folder = path.join(cacheFolder(), `build-${sha}`);
  if (!existsSync(folder)) {
    console.log(`compiling src of ${sha.slice(0, 7)} ...`);
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished);
    try {
      await compileInto(unfinished, sha);
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return path.join(folder, "dist", "index.js");
}

/**
 * @param {string} folder
 * @param {string} sha
 */
async function compileInto(folder, sha) {
  const archive = path.join(folder, "src.tar");
  await git("archive", "--output", archive, sha, "src", "package.json", "tsconfig*.json");
  orFail(await run("tar", ["-xf", archive, "-C", folder], { capture: true }));
  symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"), "dir");
  orFail(await runNode([tool("tsc"), "-b", "tsconfig.src.json"], { cwd: folder, capture: true }));
}

/** @param {readonly string[]} args */
async function git(...args) {
  return orFail(await run("git", args, { capture: true }), `git ${args.join(" ")}`);
}

/**
 * @param {Awaited<ReturnType<typeof run>>} ending
 * @param {string} [what]
 */
function orFail(ending, what = "building the commit") {
  if (exitCode(ending) !== 0) throw new Error(`${what} failed:\n${ending.output}`);
  return ending.output;
}
