// @ts-check
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * The demo's worker processes.
 * @param {string} url
 */
export function createWorkerProcesses(url) {
  /** @type {Set<import("node:child_process").ChildProcess>} */
  const alive = new Set();
  let reportFailure = /** @param {Error} _error */ (_error) => {};
  /** @type {Promise<never>} */
  const failed = new Promise((_resolve, reject) => {
    reportFailure = reject;
  });
  // Whoever waits for a job hears it; nobody has to.
  failed.catch(() => {});

  return {
    /** Rejects when a worker process ends that nobody ended. */
    failed,

    start() {
      const child = fork(program, { env: { ...process.env, HOLDFAST_DEMO_URL: url } });
      alive.add(child);
      child.once("exit", (code, signal) => {
        if (alive.delete(child))
          reportFailure(new Error(`a worker process ended: ${signal ?? code}`));
      });
      return child;
    },

    /**
     * Ends one as a power cut would.
     * @param {number} pid
     */
    async kill(pid) {
      const child = [...alive].find((one) => one.pid === pid);
      if (child === undefined) throw new Error(`there is no worker process ${pid}`);
      alive.delete(child);
      child.kill("SIGKILL");
      await once(child, "exit");
    },

    /** Lets all finish what they run, and waits for them. */
    async stop() {
      const children = [...alive];
      alive.clear();
      const ended = children.map((child) => once(child, "exit"));
      for (const child of children) child.disconnect();
      await Promise.all(ended);
    },

    /** Ends all at once. */
    killAll() {
      for (const child of alive) child.kill("SIGKILL");
      alive.clear();
    },
  };
}
