import type { News } from "./notifier.ts";
import type { Query } from "./session.ts";

/**
 * Leaves word of what was enqueued in an application's own transaction, whose commit nobody here sees: a trigger wakes
 * idle workers with that commit, and leaves nothing behind. Cost: a row for each queue, written and deleted again.
 */
export async function leaveHints(
  query: Query,
  schema: string,
  { queues, dueAt }: News,
): Promise<void> {
  await query(
    `INSERT INTO ${schema}.hint (queue, due_at)
      SELECT queue, NULL::bigint FROM unnest($1::text[]) AS q(queue)
      UNION ALL SELECT '', $2::bigint WHERE $2::bigint IS NOT NULL`,
    [queues, Number.isFinite(dueAt) ? dueAt : null],
  );
}
