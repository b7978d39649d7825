import { runReport } from "./bench-report.mjs";
import { main } from "./main.mjs";

/** Judges results files by the targets: `npm run bench:verdict FILE...`. */
main(() => runReport("verdict-main", process.argv.slice(2)));
