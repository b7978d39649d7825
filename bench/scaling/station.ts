import type { Simulation } from "./simulation.ts";
import { createWaitingLine } from "./waiting-line.ts";

/** Some equal servers and one queue before them, first come first served: the cores of a machine, a thread. */
export interface Station {
  /** Waits for a free server and takes it. */
  acquire(then: () => void): void;
  release(): void;
  /**
   * Keeps a server busy for as long as `durationOf` says when one is got; in slices, as an operating system gives out cores, so
   * that a long computation does not keep short ones waiting.
   */
  serve(durationOf: () => number, then: () => void): void;
  /** The time servers were busy so far, added up over them. */
  busyTime(): number;
  readonly servers: number;
}

/** How a machine's cores differ from independent servers. */
export interface Sharing {
  readonly sliceMs: number;
  /** How many times longer work takes when as many wait for a server as are served; 1 while nobody waits. */
  readonly crowding: number;
}

const unshared: Sharing = { sliceMs: Number.POSITIVE_INFINITY, crowding: 1 };

/** A station with all its servers free. */
export function createStation(
  simulation: Simulation,
  servers: number,
  { sliceMs, crowding }: Sharing = unshared,
): Station {
  const line = createWaitingLine();
  let busy = 0;
  let busyTime = 0;
  let since = 0;

  function note(change: number): void {
    busyTime += busy * (simulation.now() - since);
    since = simulation.now();
    busy += change;
  }

  function acquire(then: () => void): void {
    if (busy === servers) return line.join(then);
    note(1);
    then();
  }

  function release(): void {
    const next = line.leave();
    if (next === undefined) note(-1);
    else next();
  }

  function slice(left: number, then: () => void): void {
    const turn = Math.min(left, sliceMs);
    simulation.after(turn * slowdown(line.length(), servers, crowding), () => {
      release();
      if (left > turn) acquire(() => slice(left - turn, then));
      else then();
    });
  }

  return {
    servers,
    acquire,
    release,
    serve(durationOf, then) {
      acquire(() => slice(durationOf(), then));
    },
    busyTime() {
      note(0);
      return busyTime;
    },
  };
}

/** 1 while nobody waits, `crowding` once as many wait as are served, and in a straight line between. */
function slowdown(waiting: number, servers: number, crowding: number): number {
  return 1 + Math.min(1, waiting / servers) * (crowding - 1);
}
