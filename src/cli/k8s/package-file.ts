import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { wrongUsage } from "../exit-codes.ts";

/** What `package.json` says that manifests need. */
export interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The `package.json` of a folder; nothing when there is none.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it cannot be read.
 */
export function readPackage(folder: string): PackageFile {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PackageFile;
  } catch (error) {
    throw wrongUsage(
      "package.json is not JSON, so the name and the entries in it are unknown.",
      error,
    );
  }
}
