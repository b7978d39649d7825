import { installBench } from "./install-bench.mjs";
import { main } from "./main.mjs";
import { inRoot } from "./paths.mjs";
import { ready } from "./ready.mjs";
import { exitCode, run } from "./run.mjs";

/** Measures the dashboard's API beside millions of jobs. */
main(async () => {
  await ready({ build: true });
  const node = await installBench();
  return exitCode(await run(node, [inRoot("bench/dashboard/main.ts"), ...process.argv.slice(2)]));
});
