import { ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { HoldfastError } from "../core/errors.ts";

/** A program to start, without a shell. */
export interface GroupPlan {
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** `inherit` writes its errors where this process writes its own. */
  readonly stderr: "pipe" | "inherit";
}

/** How a program ended. */
export type ProcessEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "unstarted"; readonly error: unknown };

/** A program in a process group of its own, so that a signal reaches everything it has started. */
export interface ProcessGroup {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable | null;
  /** Resolves when the program has ended, what it left running is killed and its output is read. */
  readonly ended: Promise<ProcessEnd>;
  /** True once the program itself has ended. */
  hasExited(): boolean;
  /** Sends a signal to every process of the group. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Whether this process stays alive for it. */
  keepAwake(awake: boolean): void;
}

/** How long output may stay open in the hands of a process that has left the group. */
const lastOutputMs = 500;

/**
 * Starts a program as the leader of a new process group. One that cannot be started has ended.
 */
export function startGroup({ argv, cwd, env, stderr }: GroupPlan): ProcessGroup {
  const [program = "", ...args] = argv;
  let child: ChildProcess;
  try {
    child = spawn(program, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", stderr] });
  } catch (error) {
    return unstarted(error);
  }
  const stdin = child.stdin ?? nowhere();
  // A program need not read its input.
  stdin.on("error", () => {});
  return {
    stdin,
    stdout: child.stdout ?? Readable.from([]),
    stderr: child.stderr,
    ended: endOf(child),
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => signalGroup(child.pid, name),
    keepAwake(awake) {
      for (const part of [child, child.stdin, child.stdout, child.stderr]) wake(part, awake);
    },
  };
}

/**
 * Refuses platforms without process groups.
 *
 * @throws {HoldfastError} `PLATFORM_UNSUPPORTED`.
 */
export function refuseWithoutGroups(called: string): void {
  if (process.platform !== "win32") return;
  throw new HoldfastError(
    "PLATFORM_UNSUPPORTED",
    `${called} needs process groups, which Windows does not have; use threadHandler, or Linux or macOS.`,
  );
}

function unstarted(cause: unknown): ProcessGroup {
  return {
    stdin: nowhere(),
    stdout: Readable.from([]),
    stderr: null,
    ended: Promise.resolve({ kind: "unstarted", error: cause }),
    hasExited: () => true,
    signal() {},
    keepAwake() {},
  };
}

function nowhere(): Writable {
  return new Writable({
    write(_chunk, _encoding, written) {
      written();
    },
  });
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  const { pid } = child;
  if (pid !== undefined) remember(pid);
  return new Promise((resolve) => {
    let last: NodeJS.Timeout | undefined;
    child.on("error", (error) => {
      if (pid === undefined) resolve({ kind: "unstarted", error });
    });
    child.once("exit", () => {
      // The group's number is not given to another while a member lives, and this turn is too short for it to come round.
      signalGroup(pid, "SIGKILL");
      if (pid !== undefined) forget(pid);
      last = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, lastOutputMs);
    });
    child.once("close", (code, signal) => {
      clearTimeout(last);
      if (pid === undefined) return;
      resolve(
        code === null ? { kind: "killed", signal: signal ?? "SIGKILL" } : { kind: "exited", code },
      );
    });
  });
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // Nobody of the group is left, or what is left has become another user's.
  }
}

function wake(part: unknown, awake: boolean): void {
  if (!(part instanceof Socket || part instanceof ChildProcess)) return;
  if (awake) part.ref();
  else part.unref();
}

/**
 * The groups this process has started and not seen end. The one state a module here keeps: when the process exits, it must
 * reach them all with one listener, whoever started them.
 */
const living = new Set<number>();

function remember(pid: number): void {
  if (living.size === 0) process.on("exit", killLiving);
  living.add(pid);
}

function forget(pid: number): void {
  living.delete(pid);
  if (living.size === 0) process.off("exit", killLiving);
}

function killLiving(): void {
  for (const pid of living) signalGroup(pid, "SIGKILL");
}
