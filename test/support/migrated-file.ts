import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sqliteStorage } from "holdfast/sqlite";

let original: Promise<string> | undefined;

/** Makes a SQLite file with Holdfast's tables and no jobs. Only the first runs the migrations, which take longer than most tests. */
export async function makeMigratedFile(file: string): Promise<void> {
  original ??= makeOriginal();
  copyFileSync(await original, file);
}

async function makeOriginal(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-original-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "jobs.db");
  const storage = await sqliteStorage({ path: file });
  await storage.migrate();
  await storage.close();
  return file;
}
