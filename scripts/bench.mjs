import { exitCode, run } from "./run.mjs";
import { installBench } from "./install-bench.mjs";
import { main } from "./main.mjs";
import { inRoot } from "./paths.mjs";
import { ready } from "./ready.mjs";

/** Measures Holdfast and its peers side by side, on the Node that bench/package.json pins. */
main(async () => {
  await ready({ build: true });
  const node = await installBench();
  return exitCode(await run(node, [inRoot("bench/main.ts"), ...process.argv.slice(2)]));
});
