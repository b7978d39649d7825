import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

main(async () => {
  await ready({ build: true });
  return exitCode(await runNode([tool("vitest"), ...process.argv.slice(2)]));
});
