import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../samples.ts";
import { writePages } from "./write-pages.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Writes what was measured as JSON, and says where. */
export function writeResults(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`wrote ${path.relative(process.cwd(), file)}`);
}

/** Keeps a run in a folder of the repository, and writes the pages that tell of it. */
export function saveResults(
  folder: string,
  { date, commit }: Pick<Host, "date" | "commit">,
  run: unknown,
): void {
  const place = path.join(root, folder);
  mkdirSync(place, { recursive: true });
  const name = `${date.slice(0, 16).replace(":", "-")}-${commit}.json`;
  writeResults(path.join(place, name), run);
  for (const page of writePages(root)) console.log(`wrote ${page}`);
}
