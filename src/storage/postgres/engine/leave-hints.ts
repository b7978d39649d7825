import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import type { NewJob } from "../../../core/new-job.ts";
import type { Query } from "./session.ts";

/** A job due later than this is found by those who promote before it is due. */
const soonMs = 20_000;

/**
 * Leaves word of what was enqueued in an application's own transaction, whose commit nobody here sees: a trigger wakes
 * idle workers with that commit, and leaves nothing behind. Cost: a row for each queue, written and deleted again.
 */
export async function leaveHints(
  query: Query,
  schema: string,
  jobs: readonly NewJob[],
  receipts: readonly EnqueueReceipt[],
): Promise<void> {
  const queues = new Set<string>();
  let dueAt = Number.POSITIVE_INFINITY;
  for (const [index, { queue, createdAt, runAt }] of jobs.entries()) {
    if (receipts[index]?.outcome === "existing") continue;
    if (runAt <= createdAt) queues.add(queue);
    else if (runAt - createdAt < soonMs) dueAt = Math.min(dueAt, runAt);
  }
  const [soonest] = dueAt === Number.POSITIVE_INFINITY ? [] : [dueAt];
  if (queues.size === 0 && soonest === undefined) return;
  await query(
    `INSERT INTO ${schema}.hint (queue, due_at)
      SELECT queue, NULL::bigint FROM unnest($1::text[]) AS q(queue)
      UNION ALL SELECT '', $2::bigint WHERE $2::bigint IS NOT NULL`,
    [[...queues], soonest ?? null],
  );
}
