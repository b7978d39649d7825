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

/** A worker as Holdfast's: one claim and one settlement under way at a time, and between them the main thread. */
export function startWorkerProcess(parts: WorkerParts): void {
  const { database, backlog, thread, cores, random, costs, limits } = parts;
  let held = 0;
  let claiming = false;
  let settling = false;
  let ended = 0;

  function claim(): void {
    if (claiming) return;
    const most = Math.min(limits.perClaim, limits.held - held);
    if (most === 0) return;
    const jobs = backlog.take(most);
    if (jobs === 0) return backlog.whenFilled(claim);
    claiming = true;
    held += jobs;
    database.claim(jobs, () => {
      claiming = false;
      run(jobs);
      claim();
    });
  }

  function run(jobs: number): void {
    thread.acquire(() => {
      const work = () => random.around(jobs * costs.clientMsPerJob);
      cores.serve(work, () => {
        thread.release();
        ended += jobs;
        settle();
      });
    });
  }

  function settle(): void {
    const jobs = Math.min(ended, limits.perSettlement);
    if (settling || jobs === 0) return;
    settling = true;
    ended -= jobs;
    database.settle(jobs, () => {
      settling = false;
      held -= jobs;
      parts.onSettled(jobs);
      settle();
      claim();
    });
  }

  claim();
}
