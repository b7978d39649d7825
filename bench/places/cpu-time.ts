import { readFileSync } from "node:fs";
import { childrenOf } from "../../test/support/process-tree.ts";

/** The kernel's clock ticks per second: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU seconds of a process, its living children and those of its children that have ended. */
export function treeCpuSeconds(root: number): number {
  const { own, ended } = ticksOf(root);
  const children = childrenOf(root).reduce((sum, pid) => sum + ticksOf(pid).own, 0);
  return (own + ended + children) / ticksPerSecond;
}

function ticksOf(pid: number): { own: number; ended: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the command's name, in parentheses: utime, stime, cutime and cstime are words 12 to 15.
    const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = words.slice(11, 15).map(Number);
    return { own: user + system, ended: endedUser + endedSystem };
  } catch {
    return { own: 0, ended: 0 };
  }
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
