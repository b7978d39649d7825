import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** True while a process runs. One that has ended and waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
  const state = existsSync("/proc/self/stat") ? stateInProc(pid) : stateByPs(pid);
  return state !== "" && state !== "Z" && state !== "X";
}

function stateInProc(pid: number): string {
  try {
    // The state follows the command's name, which is in parentheses and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "";
  } catch {
    return "";
  }
}

function stateByPs(pid: number): string {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim()[0] ?? "";
}
