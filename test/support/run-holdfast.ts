import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { callHoldfast, type HoldfastEnd } from "./call-holdfast.ts";

/** The compiled command line. */
export const mainFile = fileURLToPath(new URL("cli/main.js", import.meta.resolve("holdfast")));

/** How the command line is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run instead of the compiled file, such as a link to it. */
  readonly bin?: string;
}

/** The commands that ran in a process of their own. */
const started = new Set<string>();

/**
 * Runs the command line, which knows of no database: the first time of each command or group of them, and where a file is named, in
 * a process of its own; else in a thread.
 */
export function runHoldfast(
  args: readonly string[],
  { cwd, env = {}, bin }: RunOptions,
): HoldfastEnd {
  const { HOLDFAST_URL: _, DATABASE_URL: __, ...inherited } = process.env;
  const all = { ...inherited, ...env };
  // The values of options have other signs in them, or come after it.
  const command = args.find((arg) => /^[a-z][a-z\d-]*$/.test(arg)) ?? "";
  if (bin === undefined && started.has(command)) return callHoldfast(args, cwd, all);
  started.add(command);
  const run = spawnSync(process.execPath, [bin ?? mainFile, ...args], {
    encoding: "utf8",
    cwd,
    env: all,
    timeout: 20_000,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** The arguments that name a database. */
export function argsOf(place: { readonly url: string; readonly schema?: string }): string[] {
  const { url, schema } = place;
  return ["--url", url, ...(schema === undefined ? [] : ["--schema", schema])];
}

/** What a configuration says to name a database. */
export function configOf({
  listen,
  ...place
}: {
  readonly url: string;
  readonly schema?: string;
  readonly listen?: string;
}) {
  return { ...place, ...(listen === undefined ? {} : { client: { listen } }) };
}

/** A command line that runs on: what it says, and how it ends. */
export interface RunningHoldfast {
  readonly pid: number;
  /** Resolves with what it has written to standard output once that matches. */
  said(pattern: RegExp): Promise<string>;
  /** Sends text and ends its standard input. */
  hand(text: string): void;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly out: string;
    readonly err: string;
  }>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts the command line in a process of its own, which knows of no database. */
export function startHoldfast(
  args: readonly string[],
  { cwd, env = {}, bin = mainFile }: RunOptions,
): RunningHoldfast {
  const { HOLDFAST_URL: _, DATABASE_URL: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...inherited, ...env } });
  // A test that fails leaves its process behind, and the file is not kept waiting for it.
  running.add(child);
  child.once("close", () => running.delete(child));
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<Awaited<RunningHoldfast["ended"]>>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return {
    pid: child.pid ?? 0,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(out) && resolve(out);
        child.stdout.on("data", look);
        child.once("close", () => reject(new Error(`it ended, having said: ${out}${err}`)));
        look();
      }),
    hand: (text) => void child.stdin.end(text),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
