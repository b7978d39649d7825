import type { Simulation } from "./simulation.ts";

/** What flushing the write-ahead log takes. */
export interface FlushCosts {
  readonly flushMs: number;
  readonly bytesPerMs: number;
}

/** The disk under a write-ahead log: one flush at a time, and every commit that waits shares the next. */
export interface LogDevice {
  /** Calls back when `bytes` are safe. */
  commit(bytes: number, then: () => void): void;
  /** What it wrote so far. */
  bytesWritten(): number;
}

/** An idle device. */
export function createLogDevice(simulation: Simulation, costs: FlushCosts): LogDevice {
  let waiting: (() => void)[] = [];
  let waitingBytes = 0;
  let bytesWritten = 0;
  let flushing = false;

  function flush(): void {
    const [committed, bytes] = [waiting, waitingBytes];
    [waiting, waitingBytes] = [[], 0];
    flushing = true;
    const duration = costs.flushMs + bytes / costs.bytesPerMs;
    simulation.after(duration, () => {
      bytesWritten += bytes;
      flushing = false;
      for (const then of committed) then();
      if (waiting.length > 0 && !flushing) flush();
    });
  }

  return {
    commit(bytes, then) {
      waiting.push(then);
      waitingBytes += bytes;
      if (!flushing) flush();
    },
    bytesWritten: () => bytesWritten,
  };
}
