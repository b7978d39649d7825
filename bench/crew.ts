import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { monotonicMs } from "./payload.ts";
import type { Command, Commands, Report, Request } from "./protocol.ts";
import { fullName, type System } from "./system.ts";

/** One process of a system, seen from the harness. */
export interface Member {
  /** Handled jobs, as last reported. */
  handled(): number;
  lastAt(): number;
  ask<Name extends Command>(
    command: Name,
    input: Commands[Name][0],
    options?: { withinMs?: number },
  ): Promise<Commands[Name][1]>;
  onReport(listener: () => void): void;
  end(): Promise<void>;
}

const usualPatienceMs = 120_000;
const endMs = 2_000;
const program = fileURLToPath(new URL("process.ts", import.meta.url));

/** Starts a process that has loaded the system's module and waits for orders. */
export function startMember(system: System, url: string): Member {
  const child = fork(program, [fullName(system), url], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { ...process.env, NODE_ENV: "production", NO_LOG_SUCCESS: "1" },
  });
  const said = collectOutput(child);
  const calls = createCalls();
  const listeners = new Set<() => void>();
  let progress = { handled: 0, lastAt: 0 };

  child.on("message", (report: Report) => {
    if (!("handled" in report)) return calls.settle(report);
    progress = report;
    for (const listener of listeners) listener();
  });
  child.once("exit", (code, signal) =>
    calls.failAll(`its process ended (${signal ?? code})${said()}`),
  );
  child.once("error", (error) => calls.failAll(error.message));

  return {
    handled: () => progress.handled,
    lastAt: () => progress.lastAt,
    async ask<Name extends Command>(
      command: Name,
      input: Commands[Name][0],
      { withinMs = usualPatienceMs } = {},
    ) {
      if (!child.connected) throw new Error(`its process is gone${said()}`);
      if (command === "openConsumer") progress = { handled: 0, lastAt: 0 };
      const late = () => `"${command}" took longer than ${withinMs / 1_000} s${said()}`;
      const { id, answer } = calls.open(withinMs, late);
      child.send({ id, command, input } satisfies Request);
      return (await answer) as Commands[Name][1];
    },
    onReport: (listener) => void listeners.add(listener),
    end: () => endChild(child),
  };
}

interface Call {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** What a process was asked and has not answered. */
function createCalls() {
  const calls = new Map<number, Call>();
  let nextId = 1;
  function take(id: number): Call | undefined {
    const call = calls.get(id);
    calls.delete(id);
    clearTimeout(call?.timer);
    return call;
  }
  return {
    open(withinMs: number, late: () => string): { id: number; answer: Promise<unknown> } {
      const id = nextId++;
      const answer = new Promise((resolve, reject) => {
        const timer = setTimeout(() => take(id)?.reject(new Error(late())), withinMs);
        calls.set(id, { resolve, reject, timer });
      });
      return { id, answer };
    },
    settle(report: Exclude<Report, { handled: number }>): void {
      const call = take(report.id);
      if ("error" in report) call?.reject(new Error(report.error));
      else call?.resolve(report.answer);
    },
    failAll(why: string): void {
      for (const id of calls.keys()) take(id)?.reject(new Error(why));
    },
  };
}

/** The end of what the process wrote, for messages about its failures. */
function collectOutput(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-1_500);
    });
  }
  return () => (text === "" ? "" : `: ${text.trim()}`);
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), endMs);
  await gone;
  clearTimeout(timer);
}

/** Waits until the members together handled `jobs`; a standstill of `patienceMs` is a failure. */
export async function untilHandled(
  members: readonly Member[],
  jobs: number,
  patienceMs = 30_000,
): Promise<void> {
  const sum = () => members.reduce((total, member) => total + member.handled(), 0);
  let movedAt = monotonicMs();
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      movedAt = monotonicMs();
      if (sum() < jobs) return;
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      if (monotonicMs() - movedAt < patienceMs) return;
      clearInterval(timer);
      reject(new Error(`stood still for ${patienceMs / 1_000} s after ${sum()} of ${jobs} jobs`));
    }, 500);
    for (const member of members) member.onReport(look);
    look();
  });
}
