import type { QueueOrder } from "../../core/orders.ts";
import { queueCounts, type QueueRecord } from "../../core/queue.ts";
import type { QueueEdit } from "../../core/queue-change.ts";
import type { BackoffPolicy } from "../../core/retry-policy.ts";

/** A number as a driver gives it: PostgreSQL's large ones come as text. */
type Count = number | string;

/** What both drivers read of a queue. */
export interface QueueRow {
  readonly name: string;
  readonly paused: boolean | number;
  readonly closed_until: Count;
  readonly throttle_level: number;
  readonly available: Count;
  readonly running: Count;
  readonly blocked: Count;
  readonly scheduled: Count;
  readonly concurrency: number | null;
  readonly max_running: number | null;
  readonly backoff: string | null;
  readonly keep_completed_ms: Count | null;
  readonly keep_dead_ms: Count | null;
  readonly changed_at: Count | null;
  readonly changed_by: string | null;
  /** Whether a count stopped before the end; not there when all were counted. */
  readonly available_more?: boolean | number;
  readonly running_more?: boolean | number;
  readonly blocked_more?: boolean | number;
  readonly scheduled_more?: boolean | number;
}

/** The queue a row tells of. */
export function queueOf(row: QueueRow): QueueRecord {
  return {
    name: row.name,
    paused: Boolean(row.paused),
    closedUntil: Number(row.closed_until) || null,
    throttleLevel: row.throttle_level,
    available: Number(row.available),
    running: Number(row.running),
    blocked: Number(row.blocked),
    scheduled: Number(row.scheduled),
    concurrency: row.concurrency,
    maxRunning: row.max_running,
    backoff: parseBackoff(row.backoff),
    retention: { completed: optional(row.keep_completed_ms), dead: optional(row.keep_dead_ms) },
    changedAt: optional(row.changed_at),
    changedBy: row.changed_by,
    atLeast: queueCounts.filter((count) => Boolean(row[`${count}_more`])),
  };
}

function optional(count: Count | null): number | null {
  return count === null ? null : Number(count);
}

/** What both drivers read for a running worker. */
export interface OrderRow {
  readonly queue: string;
  readonly concurrency: number | null;
  readonly max_running: number | null;
  readonly backoff: BackoffPolicy | null;
}

/** The order a row tells of. */
export function orderOf({ queue, concurrency, max_running, backoff }: OrderRow): QueueOrder {
  return { queue, concurrency, maxRunning: max_running, backoff };
}

/** A backoff as it is stored. */
export function parseBackoff(text: string | null): BackoffPolicy | null {
  return text === null ? null : (JSON.parse(text) as BackoffPolicy);
}

/** The columns an edit changes, with their new values. */
export function editedColumns(edit: QueueEdit): ReadonlyMap<string, number | string | null> {
  const { concurrency, maxRunning, backoff, keepCompletedMs, keepDeadMs, cooling } = edit;
  const values: Readonly<Record<string, number | string | null | undefined>> = {
    concurrency,
    max_running: maxRunning,
    backoff: typeof backoff === "object" && backoff !== null ? JSON.stringify(backoff) : backoff,
    keep_completed_ms: keepCompletedMs,
    keep_dead_ms: keepDeadMs,
    throttle_level: cooling === null ? 0 : undefined,
    closed_until: cooling === null ? 0 : undefined,
  };
  return new Map(
    Object.entries(values).flatMap(([column, value]) =>
      value === undefined ? [] : [[column, value]],
    ),
  );
}
