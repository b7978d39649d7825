import { readFileSync } from "node:fs";
import { packageVersion } from "../../telemetry/package-version.ts";

interface FetchedPackage {
  readonly _npx?: { readonly packages?: readonly string[] };
}

/** How a project asks for Holdfast: as npx was asked for it when that fetched it, else in the version that runs. */
export function ownSpec(): string {
  return fetchedSpec() ?? `holdfast@^${packageVersion() ?? "0"}`;
}

/** What npx was asked for; it notes that in the folder it made for it. */
function fetchedSpec(): string | undefined {
  try {
    const note = new URL("../../../../../package.json", import.meta.url);
    const { _npx } = JSON.parse(readFileSync(note, "utf8")) as FetchedPackage;
    return _npx?.packages?.find((spec) => spec.includes("holdfast"));
  } catch {
    return undefined;
  }
}
