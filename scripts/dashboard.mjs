import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode } from "./run.mjs";

main(async () => {
  await ready({ build: true });
  return exitCode(await runNode(["examples/dashboard/main.mjs", ...process.argv.slice(2)]));
});
