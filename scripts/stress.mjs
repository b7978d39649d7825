import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode, tool } from "./run.mjs";

const usage = "usage: npm run test:stress -- [--seconds N]   npm run test:kill -- [--seconds N]";

main(async () => {
  const { filter, seconds } = parse(process.argv.slice(2));
  await ready({ build: true });
  const env = { ...process.env, HOLDFAST_SECONDS: String(seconds), HOLDFAST_STRESS: "1" };
  const args = ["run", "--project", "chaos", ...filter];
  return exitCode(await runNode([tool("vitest"), ...args], { env }));
});

/**
 * A word before the options picks the chaos files whose name contains it.
 * @param {string[]} args
 */
function parse(args) {
  const at = args.indexOf("--seconds");
  const seconds = at < 0 ? 60 : Number(args[at + 1]);
  const filter = at < 0 ? args : args.toSpliced(at, 2);
  if (!(seconds > 0) || filter.some((word) => word.startsWith("-"))) throw new Error(usage);
  return { filter, seconds };
}
