import { inRoot } from "./paths.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

/**
 * Compiles the reporting half of the bench and runs one of its programs. Compiled, it needs neither the peers nor their newer
 * Node; the half that measures runs from its sources.
 * @param {"verdict-main" | "pages-main"} program
 * @param {readonly string[]} args
 */
export async function runReport(program, args) {
  await ready();
  const compiled = await runNode([tool("tsc"), "-p", inRoot("tsconfig.report.json")]);
  if (compiled.code !== 0) return exitCode(compiled);
  const file = inRoot(`.cache/bench-report/report/${program}.js`);
  return exitCode(await runNode([file, ...args]));
}
