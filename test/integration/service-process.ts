import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { eventually } from "../conformance/eventually.ts";

const program = fileURLToPath(new URL("service-child.mjs", import.meta.url));

/** A service in a process of its own. */
export interface ServiceProcess {
  /** What it has said on its standard output, a value on each line. */
  readonly said: readonly unknown[];
  /** Waits until it has said something that this function takes for what is waited for. */
  saying(what: string, is: (said: unknown) => boolean): Promise<unknown>;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code and all it wrote. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  close(): Promise<void>;
}

/** Starts a service that knows nothing but `env`. */
export function startService(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ServiceProcess {
  const inherited = { PATH: process.env["PATH"] ?? "", HOLDFAST_LOG: "debug" };
  const child = spawn(process.execPath, [program, ...args], { env: { ...inherited, ...env } });
  const said: unknown[] = [];
  const ended = endOf(child, said);
  return {
    said,
    saying: (what, is) => eventually(what, () => said.find((each) => is(each))),
    signal: (signal) => void child.kill(signal),
    ended,
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function endOf(child: ChildProcessWithoutNullStreams, said: unknown[]): ServiceProcess["ended"] {
  let output = "";
  let line = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    said.push(...lines.map((each) => JSON.parse(each) as unknown));
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}
