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

/**
 * When time alone next gives jobs of these names something to do: a job is due, a cooling queue opens, or a rate
 * lets one in. `Infinity` for never.
 */
export async function nextEvent(client: Client, names: readonly string[]): Promise<number> {
  const { nextDueAt } = await promoteDue(client);
  return Math.min(
    nextDueAt ?? Number.POSITIVE_INFINITY,
    await opensAt(client, names),
    await admitsAt(client),
  );
}
