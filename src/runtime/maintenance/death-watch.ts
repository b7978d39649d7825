import type { WorkerRecord } from "../../core/worker-record.ts";

/** Judges which workers are dead by watching their beats stand still. */
export interface DeathWatch {
  /**
   * Takes one look at the workers and gives those whose beat has not changed for a whole lease of theirs.
   * Times are milliseconds of the watcher's own monotonic clock, so no wall clock matters. `steadyMs` is how long the
   * watcher itself has beaten without a gap: silence before that may be an outage all share, and does not count.
   */
  look(workers: readonly WorkerRecord[], now: number, steadyMs: number): readonly WorkerRecord[];
}

/** A watch that has seen nobody yet. */
export function createDeathWatch(self: string): DeathWatch {
  let seen = new Map<string, { readonly beat: string; readonly since: number }>();
  return {
    look(workers, now, steadyMs) {
      const known = seen;
      seen = new Map(
        workers.map((worker) => {
          const before = known.get(worker.id);
          const since = before?.beat === worker.beat ? before.since : now;
          return [worker.id, { beat: worker.beat, since }];
        }),
      );
      return workers.filter((worker) => {
        const since = seen.get(worker.id)?.since ?? now;
        return worker.id !== self && Math.min(now - since, steadyMs) > worker.leaseMs;
      });
    },
  };
}
