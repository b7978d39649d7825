import type { Orders, QueueServer } from "../../../core/orders.ts";
import { type OrderRow, orderOf } from "../../shared/queue-row.ts";
import type { Connection } from "../connection.ts";
import { idOf } from "../rows.ts";

interface OrdersRow {
  readonly draining: boolean;
  readonly drained_by: string | null;
  readonly orders: string;
  readonly servers: string;
  readonly names: string;
}

/** Reads what operators have ordered. */
export async function readOrders(
  { schema, read }: Connection,
  worker: string,
  names: boolean,
): Promise<Orders> {
  const [row] = await read<OrdersRow>(ordersStatement(schema, names), [idOf(worker)]);
  if (row === undefined) throw new Error("the orders gave no row");
  return {
    drain: row.draining ? { by: row.drained_by } : null,
    queues: (JSON.parse(row.orders) as OrderRow[]).map(orderOf),
    servers: JSON.parse(row.servers) as QueueServer[],
    names: JSON.parse(row.names) as string[],
  };
}

/** Walks the queues and the registrations, which are few; names of queues without a row as `waiting_queues` does. Rows locked: none. Lists come as JSON text, whatever parsers are set. */
function ordersStatement(schema: string, names: boolean): string {
  const list = (query: string) => `(SELECT coalesce(json_agg(l), '[]')::text FROM (${query}) l)`;
  const orders = `SELECT name AS queue, concurrency, max_running, backoff FROM ${schema}.queue
    WHERE concurrency IS NOT NULL OR max_running IS NOT NULL OR backoff IS NOT NULL ORDER BY name`;
  const servers = `SELECT q.name AS queue, w.id::text AS worker, (w.slots ->> q.name)::integer AS slots FROM ${schema}.queue q
    JOIN ${schema}.worker w ON w.queues::jsonb @> to_jsonb(q.name)
    WHERE q.max_running IS NOT NULL AND NOT w.dead AND NOT w.draining ORDER BY w.id`;
  const known = `(SELECT json_agg(name)::text FROM (
      SELECT name FROM ${schema}.queue UNION ALL SELECT ${schema}.waiting_queues()) k)`;
  return `SELECT coalesce(own.draining, false) AS draining, own.drained_by,
    ${list(orders)} AS orders, ${list(servers)} AS servers, coalesce(${names ? known : "NULL"}, '[]') AS names
    FROM (SELECT) one LEFT JOIN ${schema}.worker own ON own.id = $1`;
}
