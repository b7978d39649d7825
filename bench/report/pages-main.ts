import { writePages } from "./write-pages.ts";

/** Run from the repository's root, as scripts/bench-pages.mjs does. */
for (const name of writePages(process.cwd())) console.log(`wrote ${name}`);
