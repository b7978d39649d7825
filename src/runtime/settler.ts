import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Settlement } from "../core/settlement.ts";
import type { InspectStore } from "../storage/contract/inspect.ts";
import type { SettleAnswer, SettleStore } from "../storage/contract/settle.ts";
import type { TurnStore } from "../storage/contract/turn.ts";
import type { TurnPartner } from "./turn-partner.ts";

/** Writes settlements, many at a time, until storage has answered each. */
export interface Settler {
  /**
   * Resolves with storage's answer; waits out outages, of whatever length and kind. `queue` is that of the place which the
   * job leaves; a job that never began has none.
   *
   * @throws {HoldfastError} when storage refuses this settlement itself, or is closed.
   */
  settle(settlement: Settlement, queue?: string): Promise<SettleAnswer>;
}

/** What a settler asks of storage. */
export type SettlerStore = Pick<
  SettleStore & TurnStore & InspectStore,
  "settleJobs" | "settleAndClaim" | "getJob"
>;

/** What a settler works with. */
export interface SettlerParts {
  readonly storage: SettlerStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many jobs run at once. */
  readonly concurrency: number;
  readonly partner: () => TurnPartner | undefined;
}

interface Waiting {
  readonly settlement: Settlement;
  readonly queue: string | undefined;
  readonly resolve: (answer: SettleAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const mostTogether = 500;
const leastTogether = 100;
const firstPauseMs = 50;
const lastPauseMs = 2_000;
const outage = "settling failed; trying again";

const settled: SettleAnswer = { outcome: "settled" };
const lost: SettleAnswer = { outcome: "lease-lost" };

/** A settler: settlements that arrive while a batch is in flight go together in the next, and bring the next claim along. */
export function createSettler(parts: SettlerParts): Settler {
  // Half the places, so that while one half is being settled and refilled the other half runs.
  const half = Math.ceil(parts.concurrency / 2);
  const maxBatch = Math.min(mostTogether, Math.max(leastTogether, half));
  let waiting: Waiting[] = [];
  let writers = 0;

  /** Another writer beside one that writes is for full batches only: what is less gathers until the first is back. */
  const worthWriting = (): boolean => waiting.length >= (writers > 1 ? maxBatch : 1);

  async function write(): Promise<void> {
    writers += 1;
    // One turn of the event loop gathers the settlements of handlers that end together.
    await new Promise((resolve) => setImmediate(resolve));
    while (worthWriting()) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await writeBatch(batch, parts);
    }
    writers -= 1;
  }

  return {
    settle(settlement, queue) {
      return new Promise((resolve, reject) => {
        waiting.push({ settlement, queue, resolve, reject });
        const full = writers === 1 && waiting.length >= maxBatch;
        if (writers === 0 || full) void write();
      });
    },
  };
}

async function writeBatch(batch: readonly Waiting[], parts: SettlerParts): Promise<void> {
  const settlements = batch.map(({ settlement }) => settlement);
  for (let failures = 0; ; failures += 1) {
    try {
      const answers = await (failures === 0
        ? takeTurn(batch, settlements, parts)
        : settleAgain(settlements, parts));
      for (let index = 0; index < batch.length; index++)
        batch[index]?.resolve(answers[index] ?? lost);
      return;
    } catch (error) {
      if (!isOutage(error)) return refuse(batch, error, parts);
      if (failures === 0) parts.logger.warn({ error, jobs: batch.length }, outage);
      await sleep(Math.min(firstPauseMs * 2 ** failures, lastPauseMs));
    }
  }
}

/** Settles, and claims with it when there is a reason to. */
async function takeTurn(
  batch: readonly Waiting[],
  settlements: readonly Settlement[],
  { storage, clock, partner }: SettlerParts,
): Promise<readonly SettleAnswer[]> {
  const claimer = partner();
  const leaving = batch.map(({ queue }) => queue).filter((queue) => queue !== undefined);
  const request = claimer?.joinTurn(leaving);
  if (claimer === undefined || request === undefined) {
    return storage.settleJobs(settlements, clock.now());
  }
  try {
    const answer = await storage.settleAndClaim(settlements, request);
    claimer.landed(request, answer.claimed);
    return answer.settled;
  } catch (error) {
    claimer.landed(request, undefined);
    throw error;
  }
}

async function settleAgain(
  settlements: readonly Settlement[],
  { storage, clock }: SettlerParts,
): Promise<readonly SettleAnswer[]> {
  const answers = await storage.settleJobs(settlements, clock.now());
  const known = settlements.map((each, index) =>
    withoutDoubt(each, answers[index] ?? lost, storage),
  );
  return Promise.all(known);
}

/** One settlement storage cannot write must not take its neighbours along. */
async function refuse(
  batch: readonly Waiting[],
  error: unknown,
  parts: SettlerParts,
): Promise<void> {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) return only.reject(error);
  for (const waiting of batch) await writeBatch([waiting], parts);
}

/**
 * The answer to a write repeated after a failure: one that was carried out while its answer was lost finds its own lease
 * gone, and the attempt it wrote tells.
 */
async function withoutDoubt(
  { lease, attempts }: Settlement,
  answer: SettleAnswer,
  storage: SettlerStore,
): Promise<SettleAnswer> {
  if (answer.outcome !== "lease-lost") return answer;
  const written = attempts.at(-1);
  const job = await storage.getJob(lease.id).catch(() => undefined);
  const found = job?.attempts.some(({ run, how }) => run === lease.run && how === written?.how);
  return found === true ? settled : answer;
}

/** Trouble with the database, such as a primary that became a replica, rather than with what was to be written. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof HoldfastError)) return false;
  return error.retryable || (error.family === "storage" && error.code !== "STORAGE_FAILED");
}
