import { statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "./usage-error.ts";

/** What `--json` names, looked at before anything is measured: after an hour it would be too late. @throws {UsageError} */
export function checkFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const folder = path.dirname(path.resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`--json: there is no folder ${folder}`);
  }
  if (file === "" || statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`--json must name a file; got ${JSON.stringify(file)}`);
  }
  return file;
}
