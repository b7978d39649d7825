import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

/** @type {readonly (readonly [title: string, args: readonly string[]])[]} */
const steps = [
  ["format", [tool("biome"), "format"]],
  ["types", [tool("tsc"), "-b"]],
  ["lint", [tool("oxlint"), "--deny-warnings"]],
  ["repository", [tool("vitest"), "run", "--project", "repo", "--reporter", "dot"]],
];

/** Every step runs, so one call shows everything there is to repair. */
main(async () => {
  await ready();
  let failures = 0;
  for (const [title, args] of steps) {
    const start = performance.now();
    const ending = await runNode(args, { capture: true });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const passed = exitCode(ending) === 0;
    console.log(`${passed ? "ok    " : "FAILED"} ${title.padEnd(12)} ${seconds} s`);
    if (!passed) {
      failures++;
      console.log(ending.output);
    }
  }
  return failures === 0 ? 0 : 1;
});
