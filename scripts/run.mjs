import { spawn } from "node:child_process";
import { constants } from "node:os";
import { inRoot, root } from "./paths.mjs";

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ending */
/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean }} RunOptions */

/**
 * Runs a command to its end. A signal sent to us reaches it too, so nothing is left behind.
 * `capture` collects its output instead of showing it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ending & { output: string }>}
 */
export function run(command, args, options = {}) {
  const streams = options.capture ? "pipe" : "inherit";
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ["inherit", streams, streams],
  });
  let collected = "";
  child.stdout?.on("data", (chunk) => (collected += chunk));
  child.stderr?.on("data", (chunk) => (collected += chunk));
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`cannot run ${command}`, { cause })));
    child.once("close", (code, signal) => resolve({ code, signal, output: collected }));
  }).finally(stopForwarding);
}

/**
 * Runs a JavaScript file with this same Node.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export const runNode = (args, options) => run(process.execPath, args, options);

/**
 * The file behind a development tool's command.
 * @param {"tsc" | "vitest" | "vite" | "oxlint" | "biome"} name
 */
export function tool(name) {
  const files = {
    tsc: "typescript/bin/tsc",
    vitest: "vitest/vitest.mjs",
    vite: "vite/bin/vite.js",
    oxlint: "oxlint/bin/oxlint",
    biome: "@biomejs/biome/bin/biome",
  };
  return inRoot(`node_modules/${files[name]}`);
}

/**
 * The exit code a shell would show for an ending.
 * @param {Ending} ending
 */
export function exitCode({ code, signal }) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}

/** @param {import("node:child_process").ChildProcess} child */
function forwardSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    // At a terminal, Ctrl-C has reached the child already: twice would mean "at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}
