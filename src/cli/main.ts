#!/usr/bin/env node
import { runCli } from "./run-cli.ts";
import type { EndSignal } from "./terminal.ts";

// A reader that went away, such as `head`, has seen what it wanted.
process.stdout.on("error", () => process.exit(1));

const flushed = () => new Promise<void>((resolve) => process.stdout.write("", () => resolve()));

function onSignal(listener: (signal: EndSignal) => void): () => void {
  const signals = ["SIGTERM", "SIGINT"] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

void runCli(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: {
    in: process.stdin.isTTY,
    out: process.stdout.isTTY,
    err: process.stderr.isTTY,
  },
  input: () => process.stdin.setEncoding("utf8"),
  onSignal,
  flushed,
}).then(async (code) => {
  // What was printed must reach a pipe first; a module that was loaded may hold this process open, and shall not.
  await flushed();
  process.stderr.write("", () => process.exit(code));
});
