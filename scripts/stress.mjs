import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { runVitest } from "./run-vitest.mjs";

const usage =
  "usage: npm run test:stress -- [FILE...] [--seconds N]   npm run test:kill -- [--seconds N]";

/** What runs unless files are named; the rest of test/chaos has its long form too, for the asking. */
const usual = ["kill", "soak", "gates", "cron", "pooler"];

main(async () => {
  const { filter, seconds } = parse(process.argv.slice(2));
  await ready({ build: true });
  const env = { ...process.env, HOLDFAST_SECONDS: String(seconds), HOLDFAST_STRESS: "1" };
  // Behind a pooler, conformance and integration tests run as well.
  const projects = filter.includes("pooler") ? ["chaos", "conformance", "integration"] : ["chaos"];
  const args = ["run", ...projects.flatMap((name) => ["--project", name]), ...filter];
  return runVitest(args, env);
});

/**
 * Words pick the chaos files whose path contains one of them; `chaos` is in all of them.
 * @param {string[]} args
 */
function parse(args) {
  const at = args.indexOf("--seconds");
  const seconds = at < 0 ? 60 : Number(args[at + 1]);
  const words = at < 0 ? args : args.toSpliced(at, 2);
  if (!(seconds > 0) || words.some((word) => word.startsWith("-"))) throw new Error(usage);
  return { filter: words.length === 0 ? usual : words, seconds };
}
