import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root folder, with a slash at its end. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** @param {string} path relative to the root */
export const inRoot = (path) => root + path;

/** Where scripts keep what can be thrown away. */
export function cacheFolder() {
  const folder = inRoot(".cache");
  mkdirSync(folder, { recursive: true });
  return folder;
}
