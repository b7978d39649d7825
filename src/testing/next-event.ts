import type { Client } from "../core/client.ts";
import type { PromoteAnswer } from "../storage/contract/maintain.ts";
import { engineOf } from "../service/engine.ts";
import { admitsAt, opensAt } from "./open-jobs.ts";

const promoteBatch = 1_000;

/** Promotes what is due by the client's clock, and tells the workers. */
export async function promoteDue(client: Client): Promise<PromoteAnswer> {
  const { storage, clock } = engineOf(client);
  const answer = await storage.promoteJobs(promoteBatch, clock.now());
  if (answer.queues.length > 0) await storage.wake(answer.queues);
  return answer;
}

/** When time alone next gives something to do; `Infinity` for never. */
export interface NextEvents {
  /** To jobs: one is due, a cooling queue opens, or a rate lets one in. */
  readonly jobs: number;
  /** To schedules. */
  readonly tick: number;
}

/** What comes next for jobs of these names, and for all schedules. */
export async function nextEvents(client: Client, names: readonly string[]): Promise<NextEvents> {
  const { nextDueAt, nextTickAt } = await promoteDue(client);
  const jobs = Math.min(
    nextDueAt ?? Number.POSITIVE_INFINITY,
    await opensAt(client, names),
    await admitsAt(client),
  );
  return { jobs, tick: nextTickAt ?? Number.POSITIVE_INFINITY };
}
