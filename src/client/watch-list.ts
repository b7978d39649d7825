import type { JobEnd } from "../storage/contract/inspect.ts";

/** Someone who waits for one job. */
export interface Caller {
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: unknown) => void;
}

/** The jobs somebody waits for, and when to look for each next; moments are of the monotonic clock. */
export interface WatchList {
  isEmpty(): boolean;
  add(id: string, caller: Caller): void;
  remove(id: string, caller: Caller): void;
  /** When the next look is due; never (`Infinity`) while nobody waits. */
  nextLook(): number;
  /** The jobs due for a look; each is due again after a pause that grows. */
  takeDue(now: number): readonly string[];
  /** Makes jobs due at once; false when nobody waits for any of them. */
  hurry(ids: readonly string[]): boolean;
  /** Takes a job off the list and speaks to everyone who waited for it. */
  answer(id: string, say: (caller: Caller) => void): void;
  /** Takes every job off the list. */
  answerAll(say: (caller: Caller, id: string) => void): void;
}

interface Watched {
  readonly callers: Set<Caller>;
  pauseMs: number;
  lookAt: number;
}

export const firstPauseMs = 10;
const lastPauseMs = 250;
const pauseGrowth = 1.5;

/** An empty list. */
export function createWatchList(): WatchList {
  const watched = new Map<string, Watched>();

  function answer(id: string, say: (caller: Caller) => void): void {
    const callers = watched.get(id)?.callers ?? [];
    watched.delete(id);
    for (const caller of callers) say(caller);
  }

  return {
    isEmpty: () => watched.size === 0,
    add(id, caller) {
      const known = watched.get(id);
      if (known !== undefined) known.callers.add(caller);
      else watched.set(id, { callers: new Set([caller]), pauseMs: firstPauseMs, lookAt: 0 });
    },
    remove(id, caller) {
      const callers = watched.get(id)?.callers;
      callers?.delete(caller);
      if (callers?.size === 0) watched.delete(id);
    },
    nextLook() {
      let next = Number.POSITIVE_INFINITY;
      for (const { lookAt } of watched.values()) next = Math.min(next, lookAt);
      return next;
    },
    takeDue(now) {
      const due = [...watched].filter(([, { lookAt }]) => lookAt <= now);
      for (const [, job] of due) putOff(job, now);
      return due.map(([id]) => id);
    },
    hurry(ids) {
      const hurried = ids.map((id) => watched.get(id)).filter((job) => job !== undefined);
      for (const job of hurried) job.lookAt = 0;
      return hurried.length > 0;
    },
    answer,
    answerAll(say) {
      for (const id of watched.keys()) answer(id, (caller) => say(caller, id));
    },
  };
}

function putOff(job: Watched, now: number): void {
  job.lookAt = now + job.pauseMs;
  job.pauseMs = Math.min(job.pauseMs * pauseGrowth, lastPauseMs);
}
