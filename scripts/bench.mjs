import { buildOf } from "./build-of.mjs";
import { installBench } from "./install-bench.mjs";
import { main } from "./main.mjs";
import { inRoot } from "./paths.mjs";
import { ready } from "./ready.mjs";
import { exitCode, run } from "./run.mjs";

/** Measures Holdfast and its peers side by side, on the Node that bench/package.json pins. */
main(async () => {
  const { commit, args } = takeCommit(process.argv.slice(2));
  await ready({ build: true });
  const node = await installBench();
  const before = commit === undefined ? {} : { HOLDFAST_BENCH_BEFORE: await buildOf(commit) };
  const env = { ...process.env, ...before };
  return exitCode(await run(node, [inRoot("bench/main.ts"), ...args], { env }));
});

/**
 * Takes `--against COMMIT` out of the arguments: what it names is built before anything is measured.
 * @param {readonly string[]} args
 */
function takeCommit(args) {
  const at = args.indexOf("--against");
  if (at < 0) return { commit: undefined, args };
  const commit = args[at + 1];
  if (commit === undefined || commit.startsWith("-")) throw new Error("--against names a commit");
  return { commit, args: args.toSpliced(at, 2) };
}
