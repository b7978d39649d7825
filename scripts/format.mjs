import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

main(async () => {
  await ready();
  return exitCode(await runNode([tool("biome"), "format", "--write", ...process.argv.slice(2)]));
});
