// @ts-check
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Every file below a folder; links are not followed, and folders that cannot be opened are left out.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}

/**
 * Plants what cannot be counted: a dangling link, a folder, and a file that `spoil` deletes.
 * @param {string} folder
 */
export async function plantBroken(folder) {
  const link = join(folder, "a-dangling-link");
  const directory = join(folder, "a-folder");
  const deleted = join(folder, "deleted-after-enqueue");
  await mkdir(directory, { recursive: true });
  await symlink(join(folder, "nowhere"), link);
  await writeFile(deleted, "gone before anyone reads it\n");
  return { paths: [link, directory, deleted], spoil: () => rm(deleted) };
}
