import { defaults } from "../../core/defaults.ts";

/** How long a pool waits before it starts another child after so many were lost in a row: 100 ms, doubling up to 30 s. */
export function restartDelayMs(lost: number): number {
  if (lost === 0) return 0;
  return Math.min(defaults.childRestartMinMs * 2 ** (lost - 1), defaults.childRestartMaxMs);
}
