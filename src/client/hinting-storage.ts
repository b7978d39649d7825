import { isFinished } from "../core/job.ts";
import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import type { Gate } from "../core/gate.ts";
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

/** What it does in its own way. */
type Hinted =
  | "insertJobs"
  | "settleJobs"
  | "settleAndClaim"
  | "promoteJobs"
  | "changeSchedules"
  | "fireSchedule"
  | "transact"
  | "wake"
  | "isOpen"
  | "hinted";

/** Who in this process is told what a commit has changed. */
export interface HintListeners {
  readonly finished: (ids: readonly string[]) => void;
  /** The earliest moment a job was put off to. */
  readonly booked: (dueAt: number) => void;
  /** A schedule ticks at this moment. */
  readonly ticking: (at: number) => void;
  /** At these gates somebody may be let in now. */
  readonly gated: (gates: readonly string[]) => void;
}

/** What to say once a transaction has committed. */
interface Hints {
  readonly queues: Set<string>;
  readonly finished: string[];
  readonly gates: string[];
  dueAt: number;
}

/**
 * Wraps a storage. A hint is sent after the commit it tells of and never waited for; in a transaction of the application's
 * own, whose commit nobody here sees, it is left out, and polling finds the work.
 */
export function withHints(storage: Storage, listeners: HintListeners): HintingStorage {
  const waker = createWaker(storage);
  const keeper = createHintKeeper((hints, inTransaction) => {
    // Other workers need not hear what this process has booked for itself; a producer's transaction may be all there is.
    waker.wake(hints.queues, inTransaction ? hints.dueAt : Number.POSITIVE_INFINITY);
    if (hints.finished.length > 0) listeners.finished(hints.finished);
    if (hints.dueAt < Number.POSITIVE_INFINITY) listeners.booked(hints.dueAt);
    if (hints.gates.length > 0) listeners.gated(hints.gates);
  });

  const hinting: Pick<HintingStorage, Hinted> = {
    async insertJobs(jobs, tx) {
      const receipts = await storage.insertJobs(jobs, tx);
      // Without a transaction the storage has told whoever waits, with the commit itself.
      keeper.note(tx, (hints) => noteJobs(hints, jobs, receipts, tx !== undefined));
      return receipts;
    },
    async settleJobs(settlements, now, tx) {
      const answers = await storage.settleJobs(settlements, now, tx);
      keeper.note(tx, (hints) => noteSettlements(hints, settlements, answers));
      return answers;
    },
    async settleAndClaim(settlements, request) {
      const answer = await storage.settleAndClaim(settlements, request);
      keeper.note(undefined, (hints) => noteSettlements(hints, settlements, answer.settled));
      return answer;
    },
    async promoteJobs(limit, now) {
      const answer = await storage.promoteJobs(limit, now);
      if (answer.gates.length > 0) listeners.gated(answer.gates);
      return answer;
    },
    ...hintingSchedules(storage, keeper, (due) => {
      listeners.ticking(due);
      // Other processes are told as of a job that is due then: whoever promotes hears of ticks as well.
      waker.wake([], due);
    }),
    transact: (fn, options) =>
      keeper.committing((inside) => storage.transact((tx) => inside(tx, () => fn(tx)), options)),
    async wake(queues, dueAt) {
      waker.wake(queues, dueAt);
    },
    isOpen: keeper.isOpen,
    hinted: () => waker.idle(),
  };
  return Object.create(storage, Object.getOwnPropertyDescriptors(hinting)) as HintingStorage;
}

/** Schedules, of whose first tick `ticking` is told when they change. */
function hintingSchedules(
  storage: Storage,
  keeper: HintKeeper,
  ticking: (due: number) => void,
): Pick<Storage, "changeSchedules" | "fireSchedule"> {
  return {
    async changeSchedules(changes, group) {
      const changed = await storage.changeSchedules(changes, group);
      const due = Math.min(...changes.map(({ to }) => to?.dueAt ?? Number.POSITIVE_INFINITY));
      if (changed && due < Number.POSITIVE_INFINITY) ticking(due);
      return changed;
    },
    async fireSchedule(change, jobs, complete) {
      const fired = await storage.fireSchedule(change, jobs, complete);
      const receipts = fired?.receipts ?? [];
      keeper.note(undefined, (hints) =>
        noteJobs(hints, jobs.slice(0, receipts.length), receipts, false),
      );
      return fired;
    },
  };
}

/** Keeps hints until the commit they tell of. */
interface HintKeeper {
  isOpen(tx: object | undefined): boolean;
  /** Writes hints down: told at once without a transaction, dropped for one that was not opened here. */
  note(tx: object | undefined, write: (hints: Hints) => void): void;
  /** Opens a transaction, and tells what was noted in it once it has committed. */
  committing<Value>(
    transact: (inside: (tx: object, fn: () => Promise<Value>) => Promise<Value>) => Promise<Value>,
  ): Promise<Value>;
}

function createHintKeeper(tell: (hints: Hints, inTransaction: boolean) => void): HintKeeper {
  const open = new WeakMap<object, Hints>();
  return {
    isOpen: (tx) => tx !== undefined && open.has(tx),
    note(tx, write) {
      const hints = tx === undefined ? noHints() : open.get(tx);
      if (hints === undefined) return;
      write(hints);
      if (tx === undefined) tell(hints, false);
    },
    async committing(transact) {
      const hints = noHints();
      const value = await transact(async (tx, fn) => {
        open.set(tx, hints);
        try {
          return await fn();
        } finally {
          open.delete(tx);
        }
      });
      tell(hints, true);
      return value;
    },
  };
}

function noHints(): Hints {
  return { queues: new Set(), finished: [], gates: [], dueAt: Number.POSITIVE_INFINITY };
}

function noteJobs(
  hints: Hints,
  jobs: readonly NewJob[],
  receipts: readonly EnqueueReceipt[],
  wakes: boolean,
): void {
  for (let index = 0; index < jobs.length; index++) {
    const { queue, createdAt, runAt, gates } = jobs[index] as NewJob;
    if (receipts[index]?.outcome === "existing") continue;
    if (runAt > createdAt) hints.dueAt = Math.min(hints.dueAt, runAt);
    // It waits at the first of its gates, and its queue is woken once it is let in.
    else if (gates !== undefined) noteGate(hints, gates);
    else if (wakes) hints.queues.add(queue);
  }
}

/** More lines than that at once are for all workers' passes, so that what ends here is not kept waiting behind them. */
const mostLines = 500;

function noteGate({ gates: noted }: Hints, [first]: readonly Gate[]): void {
  if (first === undefined || noted.length >= mostLines || noted.at(-1) === first.gate) return;
  noted.push(first.gate);
}

function noteSettlements(
  hints: Hints,
  settlements: readonly Settlement[],
  answers: readonly SettleAnswer[],
): void {
  for (let index = 0; index < settlements.length; index++) {
    const { to, runAt, lease, gates } = settlements[index] as Settlement;
    if (answers[index]?.outcome !== "settled") continue;
    if (gates !== undefined && to !== "available") {
      hints.gates.push(...gates.map(({ gate }) => gate));
    }
    if (isFinished(to)) hints.finished.push(lease.id);
    else if ((to === "scheduled" || to === "retryable") && runAt !== null)
      hints.dueAt = Math.min(hints.dueAt, runAt);
  }
}

interface Waker {
  wake(queues: Iterable<string>, dueAt?: number): void;
  idle(): Promise<void>;
}

/** Between two wakeups of a stream of commits there is at least this, and four times what the last one took. */
const leastRestMs = 1;
const restFactor = 4;

/**
 * Sends a first wakeup at once, then one at a time with rests between; queues named meanwhile go together in the next, so
 * that every commit is followed by a wakeup that began after it.
 */
function createWaker(storage: Storage): Waker {
  const named = new Set<string>();
  let due = Number.POSITIVE_INFINITY;
  let sending: Promise<void> | undefined;
  let rested = Number.NEGATIVE_INFINITY;

  async function send(): Promise<void> {
    while (named.size > 0 || due < Number.POSITIVE_INFINITY) {
      const rest = rested - performance.now();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      const queues = [...named];
      const dueAt = due;
      named.clear();
      due = Number.POSITIVE_INFINITY;
      const began = performance.now();
      await (dueAt < Number.POSITIVE_INFINITY ? storage.wake(queues, dueAt) : storage.wake(queues));
      const ended = performance.now();
      rested = ended + Math.max(leastRestMs, restFactor * (ended - began));
    }
    sending = undefined;
  }

  return {
    wake(queues, dueAt = Number.POSITIVE_INFINITY) {
      for (const queue of queues) named.add(queue);
      due = Math.min(due, dueAt);
      if (named.size > 0 || due < Number.POSITIVE_INFINITY) sending ??= send();
    },
    idle: () => sending ?? Promise.resolve(),
  };
}
