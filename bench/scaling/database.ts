import type { Costs } from "./costs.ts";
import { createLogDevice } from "./log-device.ts";
import type { Random } from "./random.ts";
import type { Setup } from "./setup.ts";
import type { Simulation } from "./simulation.ts";
import type { Station } from "./station.ts";

/** One PostgreSQL: cores, a write-ahead log, and the rows that claims under way hold locked. */
export interface Database {
  /** A worker's turn: some jobs are settled and others claimed, in one statement. */
  turn(settled: number, claimed: number, then: () => void): void;
  insert(jobs: number, then: () => void): void;
  /** The write-ahead log it wrote so far. */
  logBytes(): number;
}

/** Claiming and settling were measured together; which of them costs what hardly matters to a loop that always does both. */
const claimShare = 0.5;

export interface DatabaseParts {
  readonly simulation: Simulation;
  readonly cores: Station;
  readonly random: Random;
  readonly costs: Costs;
  readonly setup: Setup;
}

/** A database under `setup` whose work costs what was measured, each time a little more or less. */
export function createDatabase(parts: DatabaseParts): Database {
  const { simulation, cores, random, costs, setup } = parts;
  const log = createLogDevice(simulation, {
    flushMs: setup.flushMs,
    bytesPerMs: setup.logMegabytesPerSecond * 1000,
  });
  let locked = 0;

  /** A statement in a transaction of its own: there, cores, disk, and back. */
  function transact(cpuMs: () => number, bytes: number, then: () => void): void {
    const work = () => random.around(costs.statementMs + cpuMs());
    simulation.after(setup.roundTripMs / 2, () => {
      cores.serve(work, () => {
        log.commit(bytes, () => simulation.after(setup.roundTripMs / 2, then));
      });
    });
  }

  return {
    turn(settled, claimed, then) {
      const whole = settled * (1 - claimShare) + claimed * claimShare;
      const work = () => {
        const skipped = claimed === 0 ? 0 : locked * costs.skipMsPerRow;
        locked += claimed;
        return whole * costs.serverMsPerJob + skipped;
      };
      transact(work, whole * costs.walBytesPerJob, () => {
        locked -= claimed;
        then();
      });
    },
    insert(jobs, then) {
      transact(() => jobs * costs.insertMsPerJob, jobs * costs.walBytesPerInsert, then);
    },
    logBytes: log.bytesWritten,
  };
}
