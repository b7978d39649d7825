import { runCli } from "../../../dist/cli/run-cli.js";

/**
 * Runs command lines of holdfast one after the other, as JSON in the first argument, in this process, which starts once for all of them.
 * Prints as JSON the exit code of each and what it said of errors.
 */
const commands = /** @type {string[][]} */ (JSON.parse(process.argv[2] ?? "[]"));
const ends = [];
for (const args of commands) {
  let said = "";
  const code = await runCli(args, {
    env: process.env,
    isTerminal: { in: false, out: false, err: false },
    out() {},
    input: () => process.stdin.setEncoding("utf8"),
    onSignal: () => () => {},
    flushed: async () => {},
    err(text) {
      said += text;
    },
  });
  ends.push({ code, said });
}
process.stdout.write(JSON.stringify(ends));
