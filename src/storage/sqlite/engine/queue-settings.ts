import type { Orders, QueueServer } from "../../../core/orders.ts";
import type { QueueEdit } from "../../../core/queue-change.ts";
import type { Act } from "../../contract/control.ts";
import { editedColumns, orderOf, parseBackoff } from "../../shared/queue-row.ts";
import { idOf } from "../rows.ts";
import type { SqlValue } from "./handle.ts";
import type { Session } from "./session.ts";

/** Changes a queue's settings. Index: the primary key. Locks: the one writer of the file. */
export function updateQueue(
  session: Session,
  name: string,
  edit: QueueEdit,
  { now, by }: Act,
): void {
  const changed = editedColumns(edit);
  const values = new Map<string, SqlValue>([...changed, ["changed_at", now], ["changed_by", by]]);
  const columns = [...values.keys()];
  session.run(
    `INSERT INTO holdfast_queue (name, ${columns.join(", ")}) VALUES (?, ${columns.map(() => "?").join(", ")})
     ON CONFLICT (name) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
    name,
    ...values.values(),
  );
}

interface OrdersRow {
  readonly draining: number | null;
  readonly drained_by: string | null;
  readonly orders: string;
  readonly servers: string;
  readonly names: string;
}

interface StoredOrder {
  readonly queue: string;
  readonly concurrency: number | null;
  readonly max_running: number | null;
  readonly backoff: string | null;
}

/** Reads what operators have ordered. */
export function readOrders(session: Session, worker: string, names: boolean): Orders {
  const row = session.get<OrdersRow>(names ? ordersAndNames : orders, { worker: idOf(worker) });
  if (row === undefined) throw new Error("the orders gave no row");
  return {
    drain: row.draining === 1 ? { by: row.drained_by } : null,
    queues: (JSON.parse(row.orders) as StoredOrder[]).map((order) =>
      orderOf({ ...order, backoff: parseBackoff(order.backoff) }),
    ),
    servers: JSON.parse(row.servers) as QueueServer[],
    names: JSON.parse(row.names) as string[],
  };
}

/** The next queue in a table after one, each a step on the index. */
function nextQueue(table: string, condition: string, after: string): string {
  return `(SELECT min(queue) FROM holdfast_${table} WHERE ${condition} queue > ${after})`;
}

/** The queues there are. Index: holdfast_live_ready and holdfast_blocked_queue, one search for each queue. Locks: none. */
export const allNames = `
  WITH RECURSIVE ready(queue) AS (
    SELECT ${nextQueue("live", "owner IS NULL AND", "''")}
    UNION ALL SELECT ${nextQueue("live", "owner IS NULL AND", "ready.queue")} FROM ready WHERE ready.queue IS NOT NULL
  ), barred(queue) AS (
    SELECT ${nextQueue("blocked", "", "''")}
    UNION ALL SELECT ${nextQueue("blocked", "", "barred.queue")} FROM barred WHERE barred.queue IS NOT NULL
  )
  SELECT name FROM holdfast_queue
  UNION SELECT queue FROM ready WHERE queue IS NOT NULL UNION SELECT queue FROM barred WHERE queue IS NOT NULL`;

const orders = readingOrders("SELECT NULL AS name WHERE 0");
const ordersAndNames = readingOrders(allNames);

/** Walks the queues and the registrations, which are few. Locks: none. */
function readingOrders(names: string): string {
  return `
  SELECT own.draining, own.drained_by,
    (SELECT json_group_array(json_object(
        'queue', name, 'concurrency', concurrency, 'max_running', max_running, 'backoff', backoff))
      FROM holdfast_queue
      WHERE concurrency IS NOT NULL OR max_running IS NOT NULL OR backoff IS NOT NULL) AS orders,
    (SELECT json_group_array(json_object('queue', name, 'worker', CAST(id AS TEXT), 'slots', slots)) FROM (
      SELECT queue.name, worker.id, (SELECT value FROM json_each(worker.slots) WHERE key = queue.name) AS slots
      FROM holdfast_worker AS worker CROSS JOIN holdfast_queue AS queue
      WHERE queue.max_running IS NOT NULL AND worker.dead = 0 AND worker.draining = 0
        AND queue.name IN (SELECT value FROM json_each(worker.queues))
      ORDER BY worker.id)) AS servers,
    (SELECT json_group_array(name) FROM (${names})) AS names
  FROM (SELECT 1) LEFT JOIN holdfast_worker AS own ON own.id = $worker`;
}
