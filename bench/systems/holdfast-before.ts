import { pathToFileURL } from "node:url";
import type { System } from "../system.ts";
import { holdfastOf, type LoadLibrary } from "./holdfast.ts";

/** The compiled entry of an older commit, where `npm run bench -- --against COMMIT` has put it. */
const entry = process.env["HOLDFAST_BENCH_BEFORE"];

/** Holdfast as of the commit a run is made against, beside that of this tree; none without such a commit. */
export function holdfastBefore(): readonly System[] {
  if (entry === undefined) return [];
  const { href } = pathToFileURL(entry);
  const load = (() => import(href)) as LoadLibrary;
  return [
    holdfastOf(load, "holdfast-before", "postgres"),
    holdfastOf(load, "holdfast-before", "sqlite"),
  ];
}
