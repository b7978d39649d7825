// @ts-check
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * @typedef {{ id: string, child: import("node:child_process").ChildProcess }} WorkerProcess
 * @param {string} url
 * @param {number} count
 * @returns {Promise<WorkerProcess[]>}
 */
export function startWorkers(url, count) {
  const env = { ...process.env, HOLDFAST_CLUSTER_URL: url };
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(program, { env });
      const failed = once(child, "exit").then(() => {
        throw new Error("a worker process ended before it had started");
      });
      /** @type {Promise<string>} */
      const started = new Promise((resolve) => child.once("message", resolve));
      return { id: await Promise.race([started, failed]), child };
    }),
  );
}

/**
 * Ends one as a power cut would.
 * @param {WorkerProcess} worker
 */
export async function kill({ child }) {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/**
 * Lets them finish what they run.
 * @param {readonly WorkerProcess[]} workers
 */
export async function stopAll(workers) {
  await Promise.all(
    workers.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      if (child.connected) child.disconnect();
      await gone;
    }),
  );
}
