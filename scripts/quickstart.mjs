import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode } from "./run.mjs";

const mostRestarts = 5;

main(async () => {
  await ready({ build: true });
  const args = process.argv.slice(2);
  const start = () => runNode(["examples/quickstart/quickstart.mjs", ...args]);
  let ending = await start();
  // With --crash the example kills its own process; started again it must find its job and finish it.
  for (
    let n = 0;
    args.includes("--crash") && ending.signal === "SIGKILL" && n < mostRestarts;
    n++
  ) {
    console.log("the process was killed; starting it again ...");
    ending = await start();
  }
  return exitCode(ending);
});
