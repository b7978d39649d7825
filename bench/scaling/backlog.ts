/** Jobs that can be claimed. */
export interface Backlog {
  /** Takes up to `most` jobs; 0 when there are none. */
  take(most: number): number;
  add(jobs: number): void;
  /** Calls `wake` once, when jobs are added. */
  whenFilled(wake: () => void): void;
}

/** A backlog of `jobs`; an infinite one never runs dry. */
export function createBacklog(jobs: number): Backlog {
  let ready = jobs;
  let sleepers: (() => void)[] = [];
  return {
    take(most) {
      const taken = Math.min(most, ready);
      ready -= taken;
      return taken;
    },
    add(more) {
      ready += more;
      const woken = sleepers;
      sleepers = [];
      for (const wake of woken) wake();
    },
    whenFilled(wake) {
      sleepers.push(wake);
    },
  };
}
