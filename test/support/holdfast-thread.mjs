import { workerData } from "node:worker_threads";
import { runCli } from "../../dist/cli/run-cli.js";

/** @import { MessagePort } from "node:worker_threads" */

/**
 * Runs command lines for a thread that waits for each: the compiled command line, without a process of its own.
 */
const { port, done } = /** @type {{ port: MessagePort, done: Int32Array }} */ (workerData);

/** @param {{ args: string[], env: Record<string, string> }} call */
async function run({ args, env }) {
  let [out, err] = ["", ""];
  const code = await runCli(args, {
    env,
    isTerminal: { in: false, out: false, err: false },
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
    async *input() {},
    onSignal: () => () => {},
    flushed: async () => {},
  });
  port.postMessage({ code, out, err });
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}

port.on(
  "message",
  (/** @type {{ args: string[], env: Record<string, string> }} */ call) => void run(call),
);
