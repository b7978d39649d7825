import type { Backlog } from "./backlog.ts";
import type { Costs, EngineLimits } from "./costs.ts";
import type { Database } from "./database.ts";
import type { Random } from "./random.ts";
import type { Station } from "./station.ts";

export interface WorkerParts {
  readonly database: Database;
  readonly backlog: Backlog;
  /** The main thread: one server. */
  readonly thread: Station;
  readonly cores: Station;
  readonly random: Random;
  readonly costs: Costs;
  readonly limits: EngineLimits;
  /** Told of every batch that is settled. */
  readonly onSettled: (jobs: number) => void;
}

/** Two turns keep the server busy while the main thread runs what another has brought. */
const mostTurns = 2;

/** A worker as Holdfast's: it claims what it has places for, then settles and claims in turns. */
export function startWorkerProcess(parts: WorkerParts): void {
  const { database, backlog, thread, cores, random, costs, limits } = parts;
  let held = 0;
  let ended = 0;
  let turns = 0;

  /** A second turn is for a full batch only. */
  function turn(): void {
    const settled = Math.min(ended, limits.perTurn);
    const free = limits.held - held;
    const worthIt = turns === 0 ? settled > 0 || free > 0 : settled === limits.perTurn;
    if (turns === mostTurns || !worthIt) return;
    const claimed = backlog.take(turns === 0 ? settled + free : settled);
    if (settled === 0 && claimed === 0) return backlog.whenFilled(turn);
    ended -= settled;
    held += claimed - settled;
    turns += 1;
    database.turn(settled, claimed, () => {
      turns -= 1;
      if (settled > 0) parts.onSettled(settled);
      if (claimed > 0) run(claimed);
      turn();
    });
  }

  function run(jobs: number): void {
    thread.acquire(() => {
      const work = () => random.around(jobs * costs.clientMsPerJob);
      cores.serve(work, () => {
        thread.release();
        ended += jobs;
        turn();
        turn();
      });
    });
  }

  turn();
}
