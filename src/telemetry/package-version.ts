import { readFileSync } from "node:fs";

/** The version of this package; `null` where a bundler has left its manifest behind. */
export function packageVersion(): string | null {
  try {
    const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { name, version } = JSON.parse(manifest) as { name?: unknown; version?: unknown };
    return name === "holdfast" && typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}
