import { main } from "./main.mjs";
import { exitCode, runNode } from "./run.mjs";

main(async () => {
  const times = Number(process.argv[2] ?? 5);
  if (!Number.isInteger(times) || times < 1) throw new Error("usage: npm run test:repeat -- 5");
  for (let n = 1; n <= times; n++) {
    console.log(`\nrun ${n} of ${times}`);
    const code = exitCode(await runNode(["scripts/test.mjs", ...process.argv.slice(3)]));
    if (code !== 0) return code;
  }
  return 0;
});
