import { runReport } from "./bench-report.mjs";
import { main } from "./main.mjs";

/** Writes the generated parts of docs/performance.md, docs/scaling.md and the chart from bench/results. */
main(() => runReport("pages-main", process.argv.slice(2)));
