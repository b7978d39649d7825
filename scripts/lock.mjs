import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./paths.mjs";

const pollMs = 200;
/** A lock without an owner's name for this long belongs to a process that died while taking it. */
const namelessMs = 5_000;

/**
 * Runs `work` while no other process of this clone does. A lock whose owner is dead is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  const lock = `${cacheFolder()}/ready.lock`;
  let told = false;
  while (!take(lock)) {
    if (!told) console.log("waiting for another process that is getting this clone ready ...");
    told = true;
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (isAbandoned(lock)) remove(lock);
    return false;
  }
  writeFileSync(`${lock}/owner`, String(process.pid));
  return true;
}

/** @param {string} lock */
function isAbandoned(lock) {
  try {
    return !isAlive(Number(readFileSync(`${lock}/owner`, "utf8")));
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > namelessMs;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * Renaming is atomic: of several processes that find the same dead lock, one removes it.
 * @param {string} lock
 */
function remove(lock) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
