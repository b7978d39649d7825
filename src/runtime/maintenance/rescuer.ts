import { reportOf } from "../../core/attempt-report.ts";
import type { ClaimedJob } from "../../core/claimed-job.ts";
import { crashLimit, failureLevel, settle } from "../../core/lifecycle.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Settlement } from "../../core/settlement.ts";
import { storeError } from "../../core/stored-error.ts";
import { HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { Engine } from "../../service/engine.ts";
import type { Periodic } from "../../service/periodic.ts";
import type { SettleAnswer } from "../../storage/contract/settle.ts";
import type { OrderBook } from "../order-book.ts";
import { monotonicNow } from "../vital-signs.ts";
import { createDeathWatch } from "./death-watch.ts";
import { type PassRun, startPass } from "./pass.ts";
import type { PassBook } from "./pass-book.ts";

/** What the rescuer works with. */
export interface RescuerParts {
  readonly engine: Engine;
  readonly passes: PassBook;
  readonly self: string;
  readonly everyMs: number;
  /** The pause while no other worker is there whose death could be noticed. */
  readonly aloneMs: number;
  readonly leaseMs: number;
  readonly maxCrashes: number | undefined;
  readonly random: () => number;
  readonly backoffOf: OrderBook["backoffOf"];
  /** How long this process has beaten without a gap, in milliseconds. */
  readonly steadyMs: () => number;
}

const batch = 100;

/**
 * Marks silent workers dead and brings their jobs back: those that had started are charged a crash, the others nothing.
 * The jobs' own leases fence it, so any number of processes may do it at once.
 */
export function startRescuer(parts: RescuerParts): Periodic {
  const { storage, clock, logger } = parts.engine;
  const watch = createDeathWatch(parts.self);
  const roll = createRollCall(parts.leaseMs);

  async function look(): Promise<PassRun> {
    const workers = await storage.listWorkers();
    for (const worker of watch.look(workers, monotonicNow(), parts.steadyMs())) {
      const died = await storage.markWorkerDead(worker.id, worker.beat);
      if (died) {
        logger.warn({ worker: worker.id, pid: worker.pid }, "worker lost");
        // Whoever shares a queue with it has another part of it now.
        void storage.wakeOrders();
      }
      roll.suspect();
    }
    const pauseMs = workers.length > 1 ? parts.everyMs : parts.aloneMs;
    if (!roll.isDue(workers, monotonicNow())) return { rows: 0, pauseMs };
    const orphans = await storage.listOrphans(batch);
    if (orphans === undefined) return { rows: 0, pauseMs };
    const rows = orphans.length === 0 ? 0 : await rescue(orphans, parts);
    if (orphans.length === 0) roll.clear(monotonicNow());
    return { rows, pauseMs: orphans.length === batch && rows > 0 ? 0 : pauseMs };
  }

  return startPass("rescue", look, { clock, logger, passes: parts.passes });
}

/**
 * Tells when to look for jobs whose worker has gone, which may mean walking all of them: when a worker known has left the
 * list or was marked dead, until none are found, and once in two leases all the same.
 */
function createRollCall(leaseMs: number) {
  let known: ReadonlySet<string> = new Set();
  let suspected = true;
  let clearedAt = 0;
  return {
    suspect: () => void (suspected = true),
    isDue(workers: readonly { readonly id: string }[], now: number): boolean {
      const present = new Set(workers.map(({ id }) => id));
      if ([...known].some((id) => !present.has(id))) suspected = true;
      known = present;
      return suspected || now - clearedAt >= leaseMs * 2;
    },
    clear(now: number): void {
      suspected = false;
      clearedAt = now;
    },
  };
}

/** What is to become of one orphan. */
interface Decided {
  readonly job: ClaimedJob;
  readonly outcome: Outcome;
  readonly settlement: Settlement;
}

async function rescue(orphans: readonly ClaimedJob[], parts: RescuerParts): Promise<number> {
  const decided = orphans.map((job) => decide(job, outcomeOf(job, parts), parts));
  const answers = await settleEach(decided, parts);
  const cancelled = orphans.flatMap((job, index) => {
    const answer = answers[index];
    if (answer?.outcome !== "cancel-requested") return [];
    const { why, by } = answer.request;
    return [decide(job, { kind: "cancelled", why, by }, parts)];
  });
  if (cancelled.length > 0) await settleEach(cancelled, parts);
  const settled = decided.filter((_, index) => answers[index]?.outcome === "settled");
  report(settled, parts.engine);
  return settled.length + cancelled.length;
}

/** A job that cannot be moved now never stops the others: it is tried again in the next pass. */
async function settleEach(
  decided: readonly Decided[],
  { engine }: RescuerParts,
): Promise<readonly (SettleAnswer | undefined)[]> {
  const { storage, clock, logger } = engine;
  const settlements = decided.map(({ settlement }) => settlement);
  try {
    return await storage.settleJobs(settlements, clock.now());
  } catch (error) {
    if (settlements.length === 1 || isHoldfastError(error, "STORAGE_UNAVAILABLE")) throw error;
  }
  const answers: (SettleAnswer | undefined)[] = [];
  for (const settlement of settlements) {
    const [answer] = await storage.settleJobs([settlement], clock.now()).catch((error: unknown) => {
      logger.warn({ job: settlement.lease.id, error }, "could not rescue the job yet");
      return [];
    });
    answers.push(answer);
  }
  return answers;
}

function report(settled: readonly Decided[], { storage, logger, telemetry }: Engine): void {
  const awake = new Set<string>();
  for (const { job, outcome, settlement } of settled) {
    const { lease, name, queue } = job;
    const { to: state } = settlement;
    const fields = { job: lease.id, name, worker: lease.owner, state };
    logger[job.started ? failureLevel(job, settlement) : "warn"](fields, "job rescued");
    if (job.started) telemetry?.rescued(job, reportOf(job, outcome, settlement));
    if (state === "available") awake.add(queue);
  }
  if (awake.size > 0) void storage.wake([...awake]);
}

function outcomeOf(job: ClaimedJob, { maxCrashes }: RescuerParts): Outcome {
  if (!job.started) return { kind: "released" };
  const message = `Worker ${job.lease.owner} died or lost its lease while running this job.`;
  const error = storeError(new HoldfastError("WORKER_CRASHED", message));
  return { kind: "crashed", error, maxCrashes: crashLimit(job, maxCrashes) };
}

function decide(
  job: ClaimedJob,
  outcome: Outcome,
  { engine, random, backoffOf }: RescuerParts,
): Decided {
  const backoff = backoffOf(job.queue);
  const facts = { now: engine.clock.now(), random: random(), began: job.claimedAt, backoff };
  return { job, outcome, settlement: { ...settle(job, outcome, facts), rescued: true } };
}
