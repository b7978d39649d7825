import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ClientOptions, WorkerOptions } from "holdfast";
import { eventually } from "../conformance/eventually.ts";

/**
 * What a child process is told. It has handlers for `block`, which keeps the event loop for its payload's milliseconds,
 * `wait`, which does not, `obey`, which ends when its signal aborts, and `exit`.
 */
export interface ChildPlan {
  readonly client: Pick<ClientOptions, "url" | "schema">;
  readonly options: Omit<WorkerOptions<unknown>, "handlers" | "services">;
}

/** What a handler in the process says. */
export interface ChildReport {
  readonly event: string;
  readonly job: string;
  readonly at?: number;
  readonly kind?: string;
  readonly message?: string;
  readonly by?: string;
}

/** A process with a worker in it. */
export interface WorkerChild {
  readonly workerId: string;
  /** Resolves when a handler has begun. */
  began(): Promise<void>;
  /** What a handler says of a job: that it began, or, by the machine's clock, when its signal aborted and why. */
  report(event: "began" | "aborted", job: string): Promise<ChildReport>;
  signal(signal: NodeJS.Signals): void;
  /** How it ended: its exit code, or the signal that ended it, and what it wrote to its error stream. */
  readonly ended: Promise<{ readonly how: number | NodeJS.Signals; readonly stderr: string }>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("worker-child.mjs", import.meta.url));

/** Starts a process and waits until its worker has started. */
export async function startChild(plan: ChildPlan): Promise<WorkerChild> {
  const child = fork(program, { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
  const ended = endOf(child);
  child.send(plan);
  const workerId = await reported(child, "ready");
  const began = reported(child, "began");
  const reports: ChildReport[] = [];
  child.on("message", (message: ChildReport) => void reports.push(message));
  // Most tests do not ask.
  began.catch(() => {});
  return {
    workerId,
    ended,
    began: async () => void (await began),
    report: (event, job) =>
      eventually(`${event} ${job}`, () =>
        reports.find((report) => report.event === event && report.job === job),
      ),
    signal: (signal) => void child.kill(signal),
    async close() {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): WorkerChild["ended"] {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { how: code ?? signal ?? "SIGKILL", stderr };
}

function reported(child: ChildProcess, event: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: { event: string; worker?: string }) => {
      if (message.event === event) resolve(message.worker ?? "");
    });
    child.once("exit", (code) => reject(new Error(`The process ended with ${code}.`)));
  });
}
