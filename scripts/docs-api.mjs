import { mkdirSync, writeFileSync } from "node:fs";
import { apiPages } from "./api-reference/all-pages.mjs";
import { main } from "./main.mjs";
import { inRoot } from "./paths.mjs";

/** Writes docs/api from the doc comments of what the package exports. */
main(async () => {
  mkdirSync(inRoot("docs/api"), { recursive: true });
  for (const [path, text] of apiPages()) writeFileSync(inRoot(path), text);
  return 0;
});
