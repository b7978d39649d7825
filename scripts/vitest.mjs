import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { runVitest } from "./run-vitest.mjs";

main(async () => {
  await ready({ build: true });
  return runVitest(process.argv.slice(2));
});
