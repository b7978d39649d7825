import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { exitCode, runNode, tool } from "./run.mjs";

const memory = "/dev/shm";
const prefix = "holdfast-run-";
/** A PostgreSQL's files, and a few projects with their packages. */
const neededBytes = 4 * 2 ** 30;
const dayMs = 86_400_000;

/**
 * Runs vitest and gives its exit code. What tests write to temporary files is needed by nobody after them, so it goes to a file system
 * in memory where there is one with room enough; TMPDIR, when it is set, wins.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function runVitest(args, env = process.env) {
  const folder = env["TMPDIR"] === undefined ? folderInMemory() : undefined;
  const at = folder === undefined ? env : { ...env, TMPDIR: folder };
  try {
    return exitCode(await runNode([tool("vitest"), ...args], { env: at }));
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function folderInMemory() {
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < neededBytes) return undefined;
    sweep();
    const folder = mkdtempSync(`${memory}/${prefix}`);
    // PostgreSQL runs as another account when this one is root.
    chmodSync(folder, 0o711);
    return folder;
  } catch {
    return undefined;
  }
}

/** A run that was killed leaves its folder behind. */
function sweep() {
  for (const name of readdirSync(memory).filter((entry) => entry.startsWith(prefix))) {
    const folder = `${memory}/${name}`;
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > dayMs) rmSync(folder, { recursive: true, force: true });
  }
}
