#!/usr/bin/env node
import { runCli } from "./run-cli.ts";

// A reader that went away, such as `head`, has seen what it wanted.
process.stdout.on("error", () => process.exit(1));

const flushed = () => new Promise<void>((resolve) => process.stdout.write("", () => resolve()));

void runCli(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: { out: process.stdout.isTTY, err: process.stderr.isTTY },
  input: () => process.stdin.setEncoding("utf8"),
  flushed,
}).then(async (code) => {
  // What was printed must reach a pipe first; a module that was loaded may hold this process open, and shall not.
  await flushed();
  process.stderr.write("", () => process.exit(code));
});
