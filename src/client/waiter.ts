import { formatDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { startTimer } from "../service/long-timer.ts";
import type { InspectStore, JobEnd } from "../storage/contract/inspect.ts";
import { jobNotFound } from "./job-id.ts";
import { type Caller, createWatchList, firstPauseMs, type WatchList } from "./watch-list.ts";

/** Waits for jobs to finish: one query a round for everyone who waits, however many they are. */
export interface Waiter {
  /**
   * Resolves when the job has finished.
   *
   * @throws {HoldfastError} `WAIT_TIMEOUT`, `JOB_NOT_FOUND`, `CLIENT_CLOSED`, and what no later look would mend.
   */
  wait(id: string, timeoutMs: number): Promise<JobEnd>;
  /**
   * Resolves when all jobs have finished, with what `read` makes of each end, in order. Rejects as soon as `read` throws for one,
   * or as `wait` does; nobody waits for the others then.
   */
  waitAll<Value>(
    ids: readonly string[],
    timeoutMs: number,
    read: (end: JobEnd) => Value,
  ): Promise<Value[]>;
  /** Looks for these jobs at once, if anyone waits for them. */
  poke(ids: readonly string[]): void;
  /** Gives up: everyone who waits hears `CLIENT_CLOSED`. */
  close(): void;
}

const mostIds = 1_000;

/** A waiter; while nobody waits it has no timer and asks nothing. */
export function createWaiter(storage: Pick<InspectStore, "findEnds">): Waiter {
  const list = createWatchList();
  const rounds = createRounds(list, (ids) => lookFor(storage, list, ids));

  async function waitAll<Value>(
    ids: readonly string[],
    timeoutMs: number,
    read: (end: JobEnd) => Value,
  ): Promise<Value[]> {
    const calls = ids.map((id) => ({ id, ...openCall() }));
    for (const { id, caller } of calls) list.add(id, caller);
    const stopTimer = startTimer(timeoutMs, () => {
      for (const { id, caller } of calls) caller.reject(waitTimeout(id, timeoutMs));
    });
    rounds.arm(false);
    try {
      return await Promise.all(calls.map(({ promise }) => promise.then(read)));
    } finally {
      stopTimer();
      for (const { id, caller } of calls) list.remove(id, caller);
      if (list.isEmpty()) rounds.disarm();
    }
  }

  return {
    async wait(id, timeoutMs) {
      const [end] = await waitAll([id], timeoutMs, (found) => found);
      return end as JobEnd;
    },
    waitAll,
    poke(ids) {
      if (list.hurry(ids)) rounds.arm(true);
    },
    close() {
      list.answerAll(({ reject }, id) => reject(closedWhileWaiting(id)));
      rounds.disarm();
    },
  };
}

interface Rounds {
  /** Sets the timer for the next round; an urgent one does not keep its distance from the last. */
  arm(urgent: boolean): void;
  disarm(): void;
}

/** Looks, round after round, for what is due on the list. */
function createRounds(
  list: WatchList,
  lookForSome: (ids: readonly string[]) => Promise<void>,
): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function arm(urgent: boolean): void {
    clearTimeout(timer);
    if (looking || list.isEmpty()) return;
    // Rounds keep apart, so that a stream of newcomers is a few large queries and not many small ones.
    const earliest = urgent ? 0 : lookedAt + firstPauseMs;
    const pause = Math.max(list.nextLook(), earliest) - performance.now();
    timer = setTimeout(() => void look(), Math.max(0, Math.ceil(pause)));
  }

  async function look(): Promise<void> {
    looking = true;
    lookedAt = performance.now();
    // Put off before the look: a poke that arrives meanwhile must not be forgotten.
    // A timer may be a millisecond early.
    const due = list.takeDue(lookedAt + 1);
    for (let from = 0; from < due.length; from += mostIds) {
      await lookForSome(due.slice(from, from + mostIds));
    }
    looking = false;
    arm(false);
  }

  return { arm, disarm: () => clearTimeout(timer) };
}

/** An outage is waited out; whoever waits has a timeout. */
async function lookFor(
  storage: Pick<InspectStore, "findEnds">,
  list: WatchList,
  ids: readonly string[],
): Promise<void> {
  try {
    const { ends, missing } = await storage.findEnds(ids);
    for (const end of ends) list.answer(end.id, ({ resolve }) => resolve(end));
    for (const id of missing) list.answer(id, ({ reject }) => reject(jobNotFound(id)));
  } catch (error) {
    if (error instanceof HoldfastError && error.retryable) return;
    for (const id of ids) list.answer(id, ({ reject }) => reject(error));
  }
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
