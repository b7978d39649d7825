import { isFinished } from "../core/job.ts";
import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Settlement } from "../core/settlement.ts";
import type { SettleAnswer } from "../storage/contract/settle.ts";
import type { Storage } from "../storage/contract/storage.ts";

/** Storage that follows each commit of this process with its hints: queues are woken, waiters here are told. */
export interface HintingStorage extends Storage {
  /** True for a transaction that `transact` has handed out and not ended. */
  isOpen(tx: object | undefined): boolean;
  /** Resolves when every hint has been sent. */
  hinted(): Promise<void>;
}

/** What to say once a transaction has committed. */
interface Hints {
  readonly queues: Set<string>;
  readonly finished: string[];
}

/**
 * Wraps a storage. A hint is sent after the commit it tells of and never waited for; in a transaction of the application's
 * own, whose commit nobody here sees, it is left out, and polling finds the work.
 */
export function withHints(
  storage: Storage,
  onFinished: (ids: readonly string[]) => void,
): HintingStorage {
  const open = new WeakMap<object, Hints>();
  const waker = createWaker(storage);

  function say(hints: Hints): void {
    waker.wake(hints.queues);
    onFinished(hints.finished);
  }

  const hinting: Pick<
    HintingStorage,
    "insertJobs" | "settleJobs" | "transact" | "wake" | "isOpen" | "hinted"
  > = {
    async insertJobs(jobs, tx) {
      const receipts = await storage.insertJobs(jobs, tx);
      const queues = dueQueues(jobs, receipts);
      if (tx === undefined) waker.wake(queues);
      else for (const queue of queues) open.get(tx)?.queues.add(queue);
      return receipts;
    },
    async settleJobs(settlements, now, tx) {
      const answers = await storage.settleJobs(settlements, now, tx);
      const finished = finishedIds(settlements, answers);
      if (tx === undefined) onFinished(finished);
      else open.get(tx)?.finished.push(...finished);
      return answers;
    },
    async transact(fn, options) {
      const hints: Hints = { queues: new Set(), finished: [] };
      const value = await storage.transact(async (tx) => {
        open.set(tx, hints);
        try {
          return await fn(tx);
        } finally {
          open.delete(tx);
        }
      }, options);
      say(hints);
      return value;
    },
    async wake(queues) {
      waker.wake(queues);
    },
    isOpen: (tx) => tx !== undefined && open.has(tx),
    hinted: () => waker.idle(),
  };
  return Object.create(storage, Object.getOwnPropertyDescriptors(hinting)) as HintingStorage;
}

function dueQueues(
  jobs: readonly NewJob[],
  receipts: readonly EnqueueReceipt[],
): ReadonlySet<string> {
  const queues = new Set<string>();
  for (const [index, job] of jobs.entries()) {
    const stored = receipts[index]?.outcome !== "existing";
    if (stored && job.runAt <= job.createdAt) queues.add(job.queue);
  }
  return queues;
}

function finishedIds(
  settlements: readonly Settlement[],
  answers: readonly SettleAnswer[],
): readonly string[] {
  return settlements
    .filter(({ to }, index) => isFinished(to) && answers[index]?.outcome === "settled")
    .map(({ lease }) => lease.id);
}

interface Waker {
  wake(queues: Iterable<string>): void;
  idle(): Promise<void>;
}

/** Sends one wakeup at a time; queues named meanwhile go together in the next. */
function createWaker(storage: Storage): Waker {
  const named = new Set<string>();
  let sending: Promise<void> | undefined;

  async function send(): Promise<void> {
    while (named.size > 0) {
      const queues = [...named];
      named.clear();
      await storage.wake(queues);
    }
    sending = undefined;
  }

  return {
    wake(queues) {
      for (const queue of queues) named.add(queue);
      if (named.size > 0) sending ??= send();
    },
    idle: () => sending ?? Promise.resolve(),
  };
}
