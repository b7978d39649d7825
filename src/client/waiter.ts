import { formatDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { startTimer } from "../service/long-timer.ts";
import type { InspectStore, JobEnd } from "../storage/contract/inspect.ts";
import { jobNotFound } from "./job-id.ts";

/** Waits for jobs to finish: one query a round for everyone who waits, however many they are. */
export interface Waiter {
  /**
   * Resolves when the job has finished.
   *
   * @throws {HoldfastError} `WAIT_TIMEOUT`, `JOB_NOT_FOUND`, `CLIENT_CLOSED`, and what no later look would mend.
   */
  wait(id: string, timeoutMs: number): Promise<JobEnd>;
  /** Looks for these jobs at once, if anyone waits for them. */
  poke(ids: readonly string[]): void;
  /** Gives up: everyone who waits hears `CLIENT_CLOSED`. */
  close(): void;
}

interface Caller {
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: unknown) => void;
}

/** A job somebody waits for, and when to look for it next by the monotonic clock. */
interface Watched {
  readonly callers: Set<Caller>;
  pauseMs: number;
  lookAt: number;
}

const firstPauseMs = 10;
const lastPauseMs = 250;
const pauseGrowth = 1.5;
const mostIds = 1_000;

/** A waiter; while nobody waits it has no timer and asks nothing. */
export function createWaiter(storage: Pick<InspectStore, "findEnds">): Waiter {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function arm(urgent = false): void {
    clearTimeout(timer);
    if (looking || watched.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { lookAt } of watched.values()) next = Math.min(next, lookAt);
    // Rounds keep apart, so that a stream of newcomers is a few large queries and not many small ones.
    const earliest = urgent ? 0 : lookedAt + firstPauseMs;
    timer = setTimeout(() => void look(), Math.max(next, earliest) - performance.now());
  }

  async function look(): Promise<void> {
    looking = true;
    lookedAt = performance.now();
    const due = [...watched].filter(([, job]) => job.lookAt <= lookedAt + 1);
    for (const [, job] of due) {
      // Set before the look: a poke that arrives meanwhile must not be forgotten.
      job.lookAt = lookedAt + job.pauseMs;
      job.pauseMs = Math.min(job.pauseMs * pauseGrowth, lastPauseMs);
    }
    for (let from = 0; from < due.length; from += mostIds) {
      await lookFor(due.slice(from, from + mostIds).map(([id]) => id));
    }
    looking = false;
    arm();
  }

  async function lookFor(ids: readonly string[]): Promise<void> {
    try {
      const { ends, missing } = await storage.findEnds(ids);
      for (const end of ends) answer(end.id, ({ resolve }) => resolve(end));
      for (const id of missing) answer(id, ({ reject }) => reject(jobNotFound(id)));
    } catch (error) {
      if (error instanceof HoldfastError && error.retryable) return;
      for (const id of ids) answer(id, ({ reject }) => reject(error));
    }
  }

  function answer(id: string, say: (caller: Caller) => void): void {
    const callers = watched.get(id)?.callers ?? [];
    watched.delete(id);
    for (const caller of callers) say(caller);
  }

  function watch(id: string): Watched {
    const known = watched.get(id);
    if (known !== undefined) return known;
    const fresh = { callers: new Set<Caller>(), pauseMs: firstPauseMs, lookAt: 0 };
    watched.set(id, fresh);
    return fresh;
  }

  function leave(id: string, caller: Caller): void {
    const job = watched.get(id);
    job?.callers.delete(caller);
    if (job?.callers.size === 0) watched.delete(id);
    if (watched.size === 0) clearTimeout(timer);
  }

  return {
    async wait(id, timeoutMs) {
      const { promise, caller } = openCall();
      watch(id).callers.add(caller);
      const stopTimer = startTimer(timeoutMs, () => caller.reject(waitTimeout(id, timeoutMs)));
      arm();
      try {
        return await promise;
      } finally {
        stopTimer();
        leave(id, caller);
      }
    },
    poke(ids) {
      const poked = ids.map((id) => watched.get(id)).filter((job) => job !== undefined);
      for (const job of poked) job.lookAt = 0;
      if (poked.length > 0) arm(true);
    },
    close() {
      for (const id of watched.keys()) answer(id, ({ reject }) => reject(closedWhileWaiting(id)));
      clearTimeout(timer);
    },
  };
}

function openCall(): { readonly promise: Promise<JobEnd>; readonly caller: Caller } {
  let caller: Caller = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<JobEnd>((resolve, reject) => {
    caller = { resolve, reject };
  });
  return { promise, caller };
}

function waitTimeout(id: string, timeoutMs: number): HoldfastError {
  return new HoldfastError(
    "WAIT_TIMEOUT",
    `Job ${id} has not finished within ${formatDuration(timeoutMs)}. It goes on; wait again, or ask client.jobs.get.`,
    { details: { id, timeoutMs } },
  );
}

function closedWhileWaiting(id: string): HoldfastError {
  return new HoldfastError(
    "CLIENT_CLOSED",
    `The client was closed while waiting for job ${id}; the job goes on.`,
    {
      details: { id },
    },
  );
}
