import { pathToFileURL } from "node:url";
import type { System } from "../system.ts";
import { holdfastOf, type Library } from "./holdfast.ts";

/** The compiled entry of an older commit, where `npm run bench -- --against COMMIT` has put it. */
const entry = process.env["HOLDFAST_BENCH_BEFORE"];

/** Holdfast as of the commit a run is made against, beside that of this tree; none without such a commit. */
export async function holdfastBefore(): Promise<readonly System[]> {
  if (entry === undefined) return [];
  const library = (await import(pathToFileURL(entry).href)) as Library;
  return [
    holdfastOf(library, "holdfast-before", "postgres"),
    holdfastOf(library, "holdfast-before", "sqlite"),
  ];
}
