import { noOrders, type Orders } from "../core/orders.ts";
import type { BackoffPolicy } from "../core/retry-policy.ts";

/** What operators have ordered, as this worker knows it. */
export interface OrderBook {
  /** As they were read last; nothing before that. */
  latest(): Orders;
  take(orders: Orders): void;
  /** The backoff set for a queue. */
  backoffOf(queue: string): BackoffPolicy | undefined;
}

/** A book of no orders. */
export function createOrderBook(): OrderBook {
  let latest = noOrders;
  let backoffs: ReadonlyMap<string, BackoffPolicy> = new Map();
  return {
    latest: () => latest,
    take(orders) {
      latest = orders;
      backoffs = new Map(
        orders.queues.flatMap(({ queue, backoff }) => (backoff === null ? [] : [[queue, backoff]])),
      );
    },
    backoffOf: (queue) => backoffs.get(queue),
  };
}
