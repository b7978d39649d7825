import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * Sends `signal` to a process and all its children. Parents first when stopping, so that no new child
 * escapes; children first otherwise.
 */
export function signalTree(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  if (signal === "SIGSTOP") send(pid, signal);
  for (const child of childrenOf(pid)) signalTree(child, signal);
  if (signal !== "SIGSTOP") send(pid, signal);
}

/** The processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  return processTable()
    .filter((entry) => entry.parent === pid)
    .map((entry) => entry.pid);
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
}

function processTable(): Entry[] {
  if (!existsSync("/proc/self/stat")) return listedByPs();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
}

function readStat(pid: number): Entry[] {
  try {
    // The command's name, in parentheses, may itself hold spaces: the parent is the second word after it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ pid, parent: Number(words[1]) }];
  } catch {
    return []; // It ended in between.
  }
}

function listedByPs(): Entry[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => ({ pid, parent }));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
